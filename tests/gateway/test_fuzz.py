"""Every operation of the API under made-up requests: no failure of ours, nothing undescribed.

A few requests for each by default. ``make fuzz`` sends many more.
"""

import copy
import os
import random
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest
import requests
import schemathesis
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from schemathesis import APIOperation, Case, GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.core.failures import FailureGroup
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from crm_store.api_keys.service import ApiKeyService
from crm_store.database import Database
from crm_store.permissions import Permission
from crm_store.tickets.service import TicketService
from foundation.settings import Settings
from tests.factories import make_conversation, make_customer, make_order, make_product
from tests.gateway.support.running import OPERATOR, Gateway

EXAMPLES = int(os.environ.get("FUZZ_EXAMPLES", "3"))
SECONDS = float(os.environ.get("FUZZ_SECONDS", "600"))
CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
    response_headers_conformance,
]
LIMITS = {
    "api_requests_per_minute": 1_000_000,
    "message_burst": 1_000,
    "messages_per_minute": 100_000,
    "sessions_per_minute": 100_000,
    "uploads_per_hour": 100_000,
}
ELSEWHERE = {"GET /readyz"}
"""Tells in its status that a part is down, as the action server is here."""


@dataclass
class Fuzz:
    """Sends what the description allows, and what it does not."""

    gateway: Gateway
    things: dict[str, str]
    """Ids of rows that are there, by the parameter that would carry them."""
    may_use: Callable[[str], bool] = lambda _name: True
    """What does more than refuse the caller, and so deserves more than one request."""
    dice: random.Random = field(default_factory=lambda: random.Random(7))
    session: requests.Session = field(default_factory=requests.Session)
    found: dict[str, str] = field(default_factory=dict)
    asked: int = 0

    def run(
        self, headers: Callable[[], dict[str, str]], *, document: dict[str, Any] | None = None
    ) -> None:
        """Every operation of the description, with fresh headers for each."""
        schema = schemathesis.openapi.from_dict(document or self.gateway.app.openapi())
        deadline = time.monotonic() + SECONDS
        left: list[str] = []
        for result in schema.get_all_operations():
            operation = result.ok()
            name = f"{operation.method.upper()} {operation.path.removeprefix('/api/v1')}"
            if name in ELSEWHERE:
                continue
            if time.monotonic() > deadline:
                left.append(name)
                continue
            for mode in GenerationMode:
                self._try(name, operation, mode, headers())
        assert not self.found, "\n\n".join(self.found.values())
        assert not left, f"no time was left for {left}; FUZZ_SECONDS gives more"

    def _try(
        self, name: str, operation: APIOperation, mode: GenerationMode, headers: dict[str, str]
    ) -> None:
        @given(case=operation.as_strategy(generation_mode=mode))
        @hypothesis_settings(
            max_examples=EXAMPLES if self.may_use(name) else 1,
            database=None,
            deadline=None,
            derandomize=True,
            suppress_health_check=list(HealthCheck),
        )
        def ask(case: Case) -> None:
            self._ask(name, case, headers)

        try:
            ask()
        except Exception as error:
            if type(error).__name__ not in {"Unsatisfiable", "SkipTest"}:
                raise

    def _ask(self, name: str, case: Case, headers: dict[str, str]) -> None:
        for parameter, value in self.things.items():
            if parameter in (case.path_parameters or {}) and self.dice.random() < 0.7:
                case.path_parameters[parameter] = value
        self.asked += 1
        response = case.call(
            base_url=self.gateway.url, session=self.session, headers=headers, timeout=20
        )
        try:
            case.validate_response(response, checks=CHECKS)
        except FailureGroup as failures:
            for failure in failures.exceptions:
                key = f"{name} {type(failure).__name__} {response.status_code}"
                self.found.setdefault(
                    key, f"{key}: {failure}\n{case.as_curl_command()[:600]}\n{response.text[:300]}"
                )


@pytest.fixture
def fuzz(sqlite_gateway: Gateway) -> Iterator[Fuzz]:
    made = Fuzz(sqlite_gateway, rows(sqlite_gateway.database))
    yield made
    made.session.close()


@pytest.mark.timeout(SECONDS + 60)
@pytest.mark.parametrize("settings", [LIMITS], indirect=True)
def test_as_an_admin(fuzz: Fuzz, settings: Settings) -> None:
    with fuzz.gateway.database.transaction() as session:
        key = ApiKeyService(session).add(
            name="fuzz", permissions=Permission, maker=fuzz.gateway.access.admin, asker=OPERATOR
        )
    fuzz.run(lambda: {"Authorization": f"Bearer {key.secret}"})
    assert fuzz.asked > 300


@pytest.mark.timeout(SECONDS + 60)
@pytest.mark.parametrize("settings", [LIMITS], indirect=True)
def test_as_a_visitor(fuzz: Fuzz, settings: Settings) -> None:
    fuzz.may_use = lambda name: "/widget/" in name
    fuzz.run(lambda: fuzz.gateway.visitor().headers)
    assert fuzz.asked > 200


def test_a_description_that_is_wrong_is_noticed(fuzz: Fuzz) -> None:
    document = copy.deepcopy(fuzz.gateway.app.openapi())
    document["paths"] = {"/healthz": document["paths"]["/healthz"]}
    said = document["paths"]["/healthz"]["get"]["responses"]["200"]
    said["content"]["application/json"]["schema"] = {"type": "object", "required": ["weather"]}
    with pytest.raises(AssertionError, match="weather"):
        fuzz.run(dict, document=document)


def rows(database: Database) -> dict[str, str]:
    with database.transaction() as session:
        customer = make_customer(session)
        order = make_order(session, customer)
        ticket = TicketService(session).open(
            subject="A parcel", body="", topic="orders", idempotency_key="fuzz", asker=OPERATOR
        )
        return {
            "customer_id": str(customer.id),
            "conversation_id": str(make_conversation(session, customer_id=customer.id).id),
            "product_id": str(make_product(session).id),
            "order_number": order.number,
            "number": ticket.number,
            "site_key": "demo-shop",
        }
