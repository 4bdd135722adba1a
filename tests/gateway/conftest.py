"""A gateway on a real port, with a test double where the assistant would be."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from crm_store.database import Database
from foundation.settings import Settings, load_settings
from gateway.app import create_app
from gateway.assistant import HttpAssistant
from tests.gateway.support.double import AssistantDouble
from tests.gateway.support.running import Gateway, seed_access
from tests.gateway.support.screens import SIZES, admin_page
from tests.gateway.support.serving import served


@pytest.fixture
def settings(tmp_path: Path, request: pytest.FixtureRequest) -> Settings:
    """A test may give some of its own: ``parametrize("settings", [{…}], indirect=True)``."""
    return load_settings(
        env_file=None,
        var=tmp_path / "var",
        internal_token="internal-token-of-the-tests",
        secret_keys="secret-key-of-the-tests-0123456789ab",
        **{"turn_timeout_seconds": 2.0} | getattr(request, "param", {}),
    )


@pytest.fixture
def assistant() -> Iterator[AssistantDouble]:
    """A local HTTP server that speaks the connector's protocol; Rasa is tested elsewhere."""
    with AssistantDouble() as double:
        yield double


@pytest.fixture
def gateway(
    database: Database, settings: Settings, assistant: AssistantDouble
) -> Iterator[Gateway]:
    """The gateway on each kind of database in turn."""
    yield from _run(database, settings, assistant)


@pytest.fixture
def sqlite_gateway(
    sqlite_database: Database, settings: Settings, assistant: AssistantDouble
) -> Iterator[Gateway]:
    """The gateway where the kind of database cannot matter."""
    yield from _run(sqlite_database, settings, assistant)


@pytest.fixture(params=sorted(SIZES))
def page(
    request: pytest.FixtureRequest, chromium: Browser, sqlite_gateway: Gateway
) -> Iterator[Page]:
    """The console for an admin, on a phone and on a desk."""
    with admin_page(chromium, sqlite_gateway, request.param) as opened:
        yield opened


def _run(database: Database, settings: Settings, assistant: AssistantDouble) -> Iterator[Gateway]:
    access = seed_access(database)
    app = create_app(
        settings,
        database=database,
        assistant=HttpAssistant(settings, base_url=assistant.url),
    )
    with served(app, database, access) as gateway:
        yield gateway
