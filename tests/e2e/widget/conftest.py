"""One gateway for all tests of the widget, and a fresh browser context for each."""

import os
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from crm_store.database import Database
from tests.e2e.widget.chat import Chat
from tests.e2e.widget.desk import Desk, host, running_desk
from tests.fixtures.databases import AUDIT_KEYS, KEYRING
from tests.fixtures.mail import receiving_mail

SIZES = {"phone": (390, 844), "desk": (1440, 900)}


@dataclass(frozen=True)
class Look:
    """Where and how a customer sees the widget."""

    size: str
    theme: str
    locale: str

    @property
    def name(self) -> str:
        return f"{self.size}-{self.theme}-{self.locale}"


PHONE = Look("phone", "light", "zh-CN")
DESK = Look("desk", "dark", "en")


@pytest.fixture(scope="session")
def _desk(tmp_path_factory: pytest.TempPathFactory, _sqlite_with_schema: Path) -> Iterator[Desk]:
    folder = tmp_path_factory.mktemp("widget")
    shutil.copy(_sqlite_with_schema, folder / "kefu.db")
    database = Database(f"sqlite:///{folder / 'kefu.db'}", audit_keys=AUDIT_KEYS, keyring=KEYRING)
    with receiving_mail() as mailbox, running_desk(database, folder / "var", mailbox) as desk:
        yield desk
    database.dispose()


@pytest.fixture
def desk(_desk: Desk) -> Desk:
    _desk.reset()
    return _desk


@pytest.fixture
def look(request: pytest.FixtureRequest) -> Look:
    """A test that looks at several says so: ``parametrize("look", […], indirect=True)``."""
    chosen: Look = getattr(request, "param", DESK)
    return chosen


@pytest.fixture
def context(chromium: Browser, look: Look) -> Iterator[BrowserContext]:
    width, height = SIZES[look.size]
    opened = chromium.new_context(
        viewport={"width": width, "height": height},
        locale=look.locale,
        color_scheme="dark" if look.theme == "dark" else "light",
        has_touch=look.size == "phone",
        reduced_motion="reduce",
    )
    yield opened
    opened.close()


@pytest.fixture
def page(context: BrowserContext) -> Iterator[Page]:
    opened = context.new_page()
    opened.set_default_timeout(20_000)
    expect.set_options(timeout=15_000)
    problems: list[str] = []
    opened.on("pageerror", lambda error: problems.append(str(error)))
    opened.on(
        "console",
        lambda said: problems.append(said.text) if "Content Security Policy" in said.text else None,
    )
    yield opened
    assert problems == []


@pytest.fixture
def chat(page: Page, desk: Desk) -> Callable[..., Chat]:
    """Opens a shop's page; the arguments are those of ``host``."""

    def visit(*, opened: bool = True, **of_the_page: object) -> Chat:
        page.goto(host(desk, **of_the_page))  # type: ignore[arg-type]
        visiting = Chat(page, desk)
        visiting.launcher.wait_for()
        if opened:
            visiting.open()
        return visiting

    return visit


@pytest.fixture
def picture(page: Page, look: Look) -> Callable[..., None]:
    """Keeps a picture for eyes, in the folder that ``KEFU_SCREENSHOTS`` names."""

    def take(name: str, *, of: Page = page) -> None:
        folder = os.environ.get("KEFU_SCREENSHOTS")
        if folder:
            Path(folder).mkdir(parents=True, exist_ok=True)
            of.screenshot(path=Path(folder) / f"widget-{name}-{look.name}.png")

    return take
