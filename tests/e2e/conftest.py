"""One running system and one browser for all end-to-end tests."""

from collections.abc import Iterator
from typing import Any

import pytest

from tests.e2e.system import System, installed_system


@pytest.fixture(scope="session")
def system(tmp_path_factory: pytest.TempPathFactory) -> Iterator[System]:
    running = installed_system(tmp_path_factory.mktemp("kefu"), customers=300)
    running.start()
    yield running
    running.stop()


@pytest.fixture
def demo(system: System) -> list[dict[str, Any]]:
    """The demo shop's customers as plain data: e-mail, phone, order number, why they are shown."""
    from crm_store.seeding import demo_customers

    with system.database() as database, database.reading() as session:
        return [
            {
                "id": str(shown.customer.id),
                "email": shown.customer.email,
                "order": shown.order_number,
                "why": shown.why,
            }
            for shown in demo_customers(session)
        ]
