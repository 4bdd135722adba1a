"""Who takes part: customers whom the shop vouches for, and staff."""

import json
from dataclasses import dataclass
from typing import Any

from playwright.sync_api import BrowserContext, Page, expect

from crm_store.models import Role
from crm_store.seeding import demo_customers
from crm_store.sites.service import SiteService
from kefu.chat.client import ChatClient
from tests.e2e.system import System

SITE = "demo-shop"


@dataclass(frozen=True)
class Person:
    """A demo customer, and the identity that the shop's page signs for them."""

    id: str
    name: str
    identity: str


def demo_person(system: System, number: int) -> Person:
    """One of the demo shop's scripted customers."""
    with system.database() as database, database.reading() as session:
        customer = demo_customers(session)[number].customer
        sites = SiteService(session)
        token = sites.sign_identity(
            sites.by_key(SITE),
            subject=customer.external_id or str(customer.id),
            email=customer.email,
            name=customer.name,
        )
        return Person(str(customer.id), customer.name, token)


def newcomer_identity(system: System, *, subject: str, name: str) -> str:
    """The identity of somebody whom the shop knows and the store does not yet."""
    with system.database() as database, database.reading() as session:
        sites = SiteService(session)
        site = sites.by_key(SITE)
        return sites.sign_identity(site, subject=subject, email=f"{subject}@example.org", name=name)


def talk(system: System, *texts: str, identity: str | None = None) -> str:
    """Say something, wait for each answer; returns the conversation's id."""
    client = ChatClient(system.url, site_key=SITE, identity=identity)
    for text in texts:
        assert list(client.answers(client.send(text), seconds=30)), text
    client.close()
    return client.conversation_id


def shop_as(context: BrowserContext, system: System, customer_id: str) -> None:
    """Log in at the demo shop in this browser context."""
    answer = context.request.post(f"{system.url}/shop/login", form={"customer": customer_id})
    assert answer.ok, answer.status_text


def login_of(system: System, role: Role) -> dict[str, Any]:
    """E-mail and password of the demo's staff user with this role."""
    logins: list[dict[str, Any]] = json.loads((system.var / "demo-logins.json").read_text())
    return next(login for login in logins if login["role"] == role)


def work_as(context: BrowserContext, system: System, role: Role) -> None:
    """Log in at the console in this browser context, without its page."""
    login = login_of(system, role)
    answer = context.request.post(
        f"{system.url}/api/v1/auth/login",
        data={"email": login["email"], "password": login["password"]},
    )
    assert answer.ok, answer.text()


def open_chat(page: Page) -> None:
    panel = page.get_by_test_id("kefu-panel")
    if not panel.is_visible():
        page.get_by_test_id("kefu-launcher").click()
    expect(panel).to_be_visible()
