"""Every route of the API asks for exactly the permission that the table names."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import Any
from uuid import uuid4

import httpx
import pytest

from crm_store.api_keys.service import ApiKeyService
from crm_store.database import Database
from crm_store.models import Role, User
from crm_store.permissions import PERMISSIONS, Permission
from crm_store.tickets.service import TicketService
from crm_store.users.service import UserService
from foundation.settings import Settings, load_settings
from tests.factories import make_conversation, make_customer, make_order
from tests.gateway.expected_permissions import BODIES, NEEDED
from tests.gateway.support.made_requests import Made, made_request
from tests.gateway.support.running import OPERATOR, PASSWORD, Gateway

_PREFIX = "/api/v1"


@pytest.fixture
def settings(settings: Settings) -> Settings:
    """Room for all requests of the walk."""
    return load_settings(
        env_file=None,
        var=settings.var,
        internal_token=settings.internal_token,
        secret_keys=settings.secret_keys,
        api_requests_per_minute=100_000,
    )


def routes(document: dict[str, Any]) -> Iterator[tuple[str, str, str, dict[str, Any]]]:
    """Its name in the table, method, path and description of each route."""
    for path, operations in document["paths"].items():
        for method, operation in operations.items():
            yield f"{method.upper()} {path.removeprefix(_PREFIX)}", method, path, operation


def test_each_route_asks_for_its_permission_and_no_other(sqlite_gateway: Gateway) -> None:
    document = sqlite_gateway.app.openapi()
    found = list(routes(document))
    assert {name for name, *_ in found} == set(NEEDED), "a route without a line in the table"
    add_analyst(sqlite_gateway)
    keys, things = _Keys(sqlite_gateway), _Things(sqlite_gateway.database)
    wrong: list[str] = []
    with (
        sqlite_gateway.staff(sqlite_gateway.access.agent) as agent,
        sqlite_gateway.staff(analyst_of(sqlite_gateway)) as analyst,
        sqlite_gateway.staff(sqlite_gateway.access.admin) as admin,
    ):
        people = {Role.AGENT: agent, Role.ANALYST: analyst, Role.ADMIN: admin}
        for name, method, path, operation in found:
            needed = NEEDED[name]
            is_staff = bool(operation.get("security"))
            if is_staff == (needed == "public"):
                wrong.append(f"{name}: is {'for staff' if is_staff else 'public'}")
            if needed in {"public", "session"}:
                continue
            request = _Request(
                method,
                things.put_into(path),
                partial(made_request, document, operation, BODIES.get(name)),
            )

            def check(
                who: str, client: httpx.Client, expected: str, to: _Request = request
            ) -> None:
                status = to.send(client)
                if _outcome(status) != expected:
                    wrong.append(f"{to.method} {to.path} as {who}: {status}, not {expected}")

            check("nobody", sqlite_gateway.client, "unknown")
            permissions = frozenset() if isinstance(needed, str) else needed
            if permissions:
                check("a key with just that", keys.with_only(*permissions), "allowed")
            for permission in permissions:
                check(f"a key without {permission}", keys.with_all_but(permission), "refused")
            for role, person in people.items():
                may = permissions <= PERMISSIONS[role]
                check(f"an {role}", person.client, "allowed" if may else "refused")
    keys.close()
    assert not wrong, "\n".join(wrong)


def test_what_needs_a_session_takes_no_key(sqlite_gateway: Gateway) -> None:
    keys = _Keys(sqlite_gateway)
    client = keys.with_only(*Permission)
    for name, needed in NEEDED.items():
        if needed == "session":
            method, path = name.split()
            answer = client.request(method, _PREFIX + path)
            assert answer.status_code == 403, name
            assert sqlite_gateway.client.request(method, _PREFIX + path).status_code == 401
    keys.close()


@dataclass(frozen=True)
class _Request:
    """A well-formed request, made anew each time it is sent."""

    method: str
    path: str
    make: Callable[[], Made]

    def send(self, client: httpx.Client) -> int:
        made = self.make()
        return client.request(
            self.method,
            self.path,
            json=made.json,
            data=made.data,
            files=made.files,
            params=made.params,
        ).status_code


class _Things:
    """What the routes are about: real rows where a service looks for them before it asks who."""

    def __init__(self, database: Database) -> None:
        with database.transaction() as session:
            customer = make_customer(session)
            self._ids = {
                "{customer_id}": str(customer.id),
                "{conversation_id}": str(make_conversation(session).id),
                "/orders/{number}": f"/orders/{make_order(session, customer).number}",
            }
            ticket = TicketService(session).open(
                subject="A parcel", body="", topic="orders", idempotency_key="walk", asker=OPERATOR
            )
            self._ids["/tickets/{number}"] = f"/tickets/{ticket.number}"

    def put_into(self, path: str) -> str:
        """The path with the ids of these rows, and of none where there is no such row."""
        for name, value in self._ids.items():
            path = path.replace(name, value)
        return re.sub(r"\{[^}]*\}", lambda _: str(uuid4()), path)


class _Keys:
    """API keys of an admin, each limited in its own way."""

    def __init__(self, gateway: Gateway) -> None:
        self._gateway = gateway
        self._clients: dict[frozenset[Permission], httpx.Client] = {}

    def with_only(self, *permissions: Permission) -> httpx.Client:
        wanted = frozenset(permissions)
        if wanted not in self._clients:
            with self._gateway.database.transaction() as session:
                made = ApiKeyService(session).add(
                    name="walk",
                    permissions=wanted,
                    maker=self._gateway.access.admin,
                    asker=OPERATOR,
                )
            self._clients[wanted] = httpx.Client(
                base_url=self._gateway.url,
                headers={"Authorization": f"Bearer {made.secret}"},
                timeout=10,
                trust_env=False,
            )
        return self._clients[wanted]

    def with_all_but(self, permission: Permission) -> httpx.Client:
        return self.with_only(*(set(Permission) - {permission}))

    def close(self) -> None:
        for client in self._clients.values():
            client.close()


def _outcome(status: int) -> str:
    """A refusal says 403; anything else got past the question of who may."""
    return {401: "unknown", 403: "refused"}.get(status, "allowed")


def add_analyst(gateway: Gateway) -> None:
    with gateway.database.transaction() as session:
        UserService(session).add(
            email="ana@demo.shop",
            name="Ana Analyst",
            password=PASSWORD,
            role=Role.ANALYST,
            asker=OPERATOR,
        )


def analyst_of(gateway: Gateway) -> User:
    with gateway.database.reading() as session:
        return UserService(session).by_email("ana@demo.shop")
