"""One customer through all of it: what they say in a chat changes what is recommended to them."""

import json
from typing import Any

import pytest

from crm_store.seeding import demo_customers
from crm_store.sites.service import SiteService
from kefu.chat.client import ChatClient
from tests.e2e.system import System
from tests.e2e.test_main_job import readable

pytestmark = pytest.mark.e2e


def identity_of(system: System, number: int) -> tuple[str, str]:
    """A demo customer's id and the identity that the shop's page signs for them."""
    with system.database() as database, database.reading() as session:
        customer = demo_customers(session)[number].customer
        sites = SiteService(session)
        token = sites.sign_identity(
            sites.by_key("demo-shop"),
            subject=customer.external_id or str(customer.id),
            email=customer.email,
            name=customer.name,
        )
        return str(customer.id), token


def shown(system: System, customer_id: str) -> dict[str, Any]:
    record: dict[str, Any] = json.loads(system.kefu("customer", "show", customer_id, "--json"))
    return record


def offered(record: dict[str, Any]) -> list[str]:
    return [offer["product"]["name"] for offer in record["recommendations"]]


def test_an_interest_said_in_a_chat_changes_what_is_recommended(system: System) -> None:
    customer_id, identity = identity_of(system, 0)
    segments = json.loads(system.kefu("analyze", "segments", "--json"))
    assert segments["customers"] >= 100
    system.kefu("analyze", "recommend")
    before = shown(system, customer_id)
    assert before["segment"]["name"]
    assert before["recommendations"]

    client = ChatClient(system.url, site_key="demo-shop", identity=identity)
    said = client.send("I'm getting into climbing and looking for some climbing gear")
    answer = "\n".join(readable(message) for message in client.answers(said, seconds=30))
    client.close()
    assert "climb" in answer.lower()

    report = json.loads(system.kefu("analyze", "recommend", "--json"))
    assert report["with_interests"] >= 1
    after = shown(system, customer_id)
    assert any("climb" in interest["term"].lower() for interest in after["interests"])
    reasons = [offer["reason"] for offer in after["recommendations"]]
    assert any("You asked about" in reason for reason in reasons)
    assert offered(after) != offered(before)

    # The bot offers the same to them, unprompted by a category.
    _, identity = identity_of(system, 0)  # each is taken once
    again = ChatClient(system.url, site_key="demo-shop", identity=identity)
    asked = again.send("what would you recommend for me?")
    told = "\n".join(readable(message) for message in again.answers(asked, seconds=30))
    again.close()
    assert any(name in told for name in offered(after)[:3])
