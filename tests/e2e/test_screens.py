"""Every screen at three sizes, in light and dark: it fits, it is accessible, it can be looked at.

The pictures are for eyes: ``KEFU_SCREENSHOTS=<folder>`` keeps them.
"""

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from crm_store.articles.service import ArticleService
from crm_store.asking import AsSystem
from crm_store.campaigns.service import CampaignService
from crm_store.catalog.service import CatalogService
from crm_store.models import Role
from crm_store.opportunities.service import OpportunityService
from crm_store.tickets.service import TicketService
from tests.e2e.looking import listening, settle, sideways, violations
from tests.e2e.people import (
    demo_person,
    newcomer_identity,
    open_chat,
    shop_as,
    talk,
    work_as,
)
from tests.e2e.system import System

pytestmark = [pytest.mark.browser, pytest.mark.e2e]

SIZES = {"phone": (390, 844), "tablet": (1024, 768), "desk": (1440, 900)}

# Sixty characters, a right-to-left name, a word that no line can break.
LONG_NAME = "Maximiliane-Friederike von Hohenstein-Waldenburg zu Altenau"
ARABIC_NAME = "ليلى بنت عبد الرحمن"
LONG_WORD = "Donaudampfschifffahrtsgesellschaftskapitänsmützenabzeichen" * 2


@dataclass(frozen=True)
class Stage:
    """Where the screens are, and what they show."""

    url: str
    customer: str
    waiting: str
    product: str
    article: str
    ticket: str
    opportunity: str
    account: str
    campaign: str


@dataclass(frozen=True)
class Screen:
    """An address, who opens it, what is pressed there, and how to know that it has been drawn."""

    name: str
    who: str
    path: str
    ready: str
    chat: bool = False
    press: str = ""


SCREENS = [
    Screen("shop", "guest", "/shop", "h1"),
    Screen("shop-nothing-found", "guest", "/shop?q=nosuchthing", ".empty"),
    Screen("product", "guest", "/shop/p/{product}", "h1"),
    Screen("help", "guest", "/shop/help", "h1"),
    Screen("article", "guest", "/shop/help/{article}", "h1"),
    Screen("shop-login", "guest", "/shop/login", "h1"),
    Screen("shop-orders", "shopper", "/shop/orders", ".order"),
    Screen("chat-first", "guest", "/shop", "[data-testid=kefu-empty]", chat=True),
    Screen("chat-cards", "shopper", "/shop", "[data-testid=kefu-card]", chat=True),
    Screen("console-login", "guest", "/console/login", "h1"),
    Screen("inbox", "admin", "/console/inbox/open", "a[href*='/inbox/open/']"),
    Screen("inbox-empty", "admin", "/console/inbox/resolved", "h1"),
    Screen("conversation", "admin", "/console/inbox/waiting/{waiting}", "section ol li"),
    Screen("customers", "admin", "/console/customers", "a[href*='/customers/0']"),
    Screen("customers-none", "admin", "/console/customers?city=nosuchcity", "main p"),
    Screen(
        "customer-new",
        "admin",
        "/console/customers",
        "[role=dialog] form",
        press="New customer",
    ),
    Screen("orders", "admin", "/console/customers/orders", "button:has-text('KF-')"),
    Screen("customer", "admin", "/console/customers/{customer}", "section h2"),
    Screen("transcripts", "admin", "/console/transcripts", "a[href*='/transcripts/']"),
    Screen("transcript", "admin", "/console/transcripts/{waiting}", "section ol li"),
    Screen(
        "explanation",
        "admin",
        "/console/transcripts/{waiting}",
        "[role=dialog] [role=meter]",
        press="Why?",
    ),
    Screen("tickets", "admin", "/console/tickets", "a[href*='/tickets/T-']"),
    Screen("ticket", "admin", "/console/tickets/{ticket}", "section ol li"),
    Screen("tickets-none", "admin", "/console/tickets?q=nosuchticket", "section p"),
    Screen("sales-board", "admin", "/console/sales", "article"),
    Screen("sales-opportunity", "admin", "/console/sales/opportunities/{opportunity}", "form"),
    Screen("sales-leads", "admin", "/console/sales/leads", "ul li"),
    Screen("sales-convert", "admin", "/console/sales/leads", "[role=dialog] form", press="Convert"),
    Screen("sales-tasks", "admin", "/console/sales/tasks", "ul li"),
    Screen("sales-report", "admin", "/console/sales/report", "section strong"),
    Screen("accounts", "admin", "/console/sales/accounts", "a[href*='/sales/accounts/']"),
    Screen(
        "accounts-none", "admin", "/console/sales/accounts?q=nosuchaccount", "section p, main p"
    ),
    Screen("account", "admin", "/console/sales/accounts/{account}", "section ul li"),
    Screen(
        "account-merge",
        "admin",
        "/console/sales/accounts/{account}",
        "[role=dialog] form",
        press="Merge",
    ),
    Screen("campaigns", "admin", "/console/sales/campaigns", "a[href*='/sales/campaigns/']"),
    Screen("campaign", "admin", "/console/sales/campaigns/{campaign}", "section ul li"),
    Screen(
        "campaign-new",
        "admin",
        "/console/sales/campaigns",
        "[role=dialog] form",
        press="New campaign",
    ),
    Screen("settings-pipelines", "admin", "/console/settings/pipelines", "form ol li"),
    Screen("settings-service-levels", "admin", "/console/settings/service-levels", "ol li h3"),
    Screen(
        "settings-service-level",
        "admin",
        "/console/settings/service-levels",
        "[role=dialog] form",
        press="Edit",
    ),
    Screen("settings-hours", "admin", "/console/settings/hours", "ul li h3"),
    Screen(
        "settings-hours-edited",
        "admin",
        "/console/settings/hours",
        "[role=dialog] ol li",
        press="Edit",
    ),
    Screen("insights", "admin", "/console/insights", "section strong"),
]


@pytest.fixture(scope="module")
def stage(system: System) -> Stage:
    system.kefu("analyze", "segments")
    customer = demo_person(system, 0)
    talk(
        system, "where is my order?", "do you have a warm sleeping bag?", identity=customer.identity
    )
    long_name = newcomer_identity(system, subject="long-name", name=LONG_NAME)
    talk(system, f"my {LONG_WORD} is broken!! this is really annoying", identity=long_name)
    arabic = newcomer_identity(system, subject="right-to-left", name=ARABIC_NAME)
    talk(system, "مرحبا", "what are your delivery times?", identity=arabic)
    talk(system, "which payment methods do you take?")
    waiting = talk(
        system,
        "where is my order?",
        "this is the second time that my parcel is late, I am really disappointed",
        "can I talk to a person please",
        identity=demo_person(system, 1).identity,
    )
    system.kefu("analyze", "recommend")
    with system.database() as database, database.reading() as session:
        product = CatalogService(session).products(limit=1).items[0].slug
        article = ArticleService(session).list()[0].slug
        ticket = TicketService(session).list(asker=AsSystem("a test"), limit=1).items[0].number
        deals = OpportunityService(session).page(asker=AsSystem("a test")).items
        opportunity = str(deals[0].opportunity.id)
        account = next(str(deal.opportunity.account_id) for deal in deals if deal.account_name)
        campaigns = CampaignService(session).page(asker=AsSystem("a test")).items
        campaign = next(str(one.id) for one, funnel in campaigns if funnel.members)
    return Stage(
        url=system.url,
        customer=customer.id,
        waiting=waiting,
        product=product,
        article=article,
        ticket=ticket,
        opportunity=opportunity,
        account=account,
        campaign=campaign,
    )


@pytest.fixture(scope="module")
def pages(chromium: Browser, system: System, stage: Stage) -> Iterator[dict[str, Page]]:
    """One page per person, used for all their screens."""
    contexts: list[BrowserContext] = []

    def somebody() -> BrowserContext:
        context = chromium.new_context(reduced_motion="reduce", locale="en-GB")
        contexts.append(context)
        return context

    guest, shopper, admin = somebody(), somebody(), somebody()
    shop_as(shopper, system, stage.customer)
    work_as(admin, system, Role.ADMIN)
    yield {
        "guest": guest.new_page(),
        "shopper": shopper.new_page(),
        "admin": admin.new_page(),
    }
    for context in contexts:
        context.close()


@pytest.fixture(scope="module")
def pictures(tmp_path_factory: pytest.TempPathFactory) -> Path:
    kept = os.environ.get("KEFU_SCREENSHOTS")
    folder = Path(kept) if kept else tmp_path_factory.mktemp("screens")
    folder.mkdir(parents=True, exist_ok=True)
    return folder


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("screen", SCREENS, ids=lambda screen: screen.name)
def test_screen(
    screen: Screen, size: str, *, pages: dict[str, Page], stage: Stage, pictures: Path
) -> None:
    page = pages[screen.who]
    width, height = SIZES[size]
    page.set_viewport_size({"width": width, "height": height})
    page.emulate_media(color_scheme="light")
    with listening(page) as problems:
        page.goto(stage.url + screen.path.format(**vars(stage)))
        if screen.chat:
            open_chat(page)
        if screen.press:
            page.get_by_role("button", name=screen.press).first.click()
        expect(page.locator(screen.ready).filter(visible=True).first).to_be_visible()
        for scheme in ("light", "dark"):
            page.emulate_media(color_scheme=scheme)
            settle(page)
            page.screenshot(path=pictures / f"{screen.name}-{size}-{scheme}.png")
            problems += [f"{scheme}: {problem}" for problem in sideways(page) + violations(page)]
    assert not problems, "\n".join(problems)
