"""A visitor never sees another's anything, on any route of the API, by any method."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

import httpx
import pytest
from sqlalchemy import func, select

from crm_store.conversations.service import ConversationService
from crm_store.customers.service import CustomerService
from crm_store.models import Attachment, Conversation, Customer, Message, Visibility
from crm_store.sites.configuration import SiteConfiguration
from crm_store.sites.service import SiteService
from crm_store.tickets.service import TicketService
from foundation.settings import Settings
from tests.factories import as_staff, make_customer, make_order
from tests.factories.widget import PRE_CHAT
from tests.gateway.expected_permissions import BODIES, NEEDED
from tests.gateway.support.made_requests import made_request
from tests.gateway.support.running import OPERATOR, Gateway, Visitor

PREFIX = "/api/v1"
MARK = "plover"
"""Stands in everything that Mia has said, is called, or owns."""
METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE")
LIMITS = {
    "message_burst": 1_000,
    "messages_per_minute": 100_000,
    "sessions_per_minute": 100_000,
    "uploads_per_hour": 100_000,
}

BODIES_OF_VISITORS: dict[str, dict[str, Any]] = {
    "POST /widget/locale": {"locale": "en"},
    "POST /widget/offline-message": {
        "client_id": "o",
        "email": "tom@example.com",
        "text": "Call me",
    },
}
FOR_ALL = {"GET /healthz", "GET /readyz", "GET /widget/config", "POST /widget/sessions"}
"""What anybody may ask: it knows of no visitor."""
LOGIN = {"POST /auth/login"}
"""Answers to the right password alone."""
OWN = {
    "POST /widget/sessions/identify": 401,  # what is sent is no signature
    "POST /widget/sessions/reset": 204,
    "POST /widget/messages": 404,  # it names a file, which is Mia's
    "GET /widget/messages": 200,
    "POST /widget/ws-ticket": 200,
    "POST /widget/typing": 204,
    "POST /widget/csat": 200,
    "POST /widget/transcript": 200,
    "POST /widget/attributes": 204,
    "POST /widget/locale": 204,
    "POST /widget/end": 200,
    "POST /widget/offline-message": 409,  # the shop is open
    "POST /widget/attachments": 201,
    "GET /widget/attachments/{attachment_id}": 404,
}
"""What a visitor may do with their own session, and what comes of it when it names Mia's things.

A route without a line here or in the table of permissions fails the walk.
"""


@dataclass
class Mia:
    """A customer who has a thing of every kind."""

    visitor: Visitor
    names: dict[str, str]
    """Her ids, by the name of the parameter or field that would carry them."""

    def put_into(self, path: str) -> str:
        path = path.replace("/orders/{number}", f"/orders/{self.names['order_number']}")
        path = path.replace("/tickets/{number}", f"/tickets/{self.names['ticket_number']}")
        return re.sub(r"\{(\w+)\}", lambda m: self.names.get(m[1], str(uuid4())), path)

    def put_all_into(self, value: Any) -> Any:
        """The body, with her things wherever one can be named."""
        if isinstance(value, dict):
            return {k: self.names.get(k) or self.put_all_into(v) for k, v in value.items()}
        return [self.put_all_into(v) for v in value] if isinstance(value, list) else value

    def traces(self, text: str, *, sent: str) -> list[str]:
        """What of hers stands in an answer and was not in the question."""
        return [s for s in {MARK, *self.names.values()} if s in text.lower() and s not in sent]


@dataclass
class Walk:
    """Every operation of the API, asked for by somebody who has no business with Mia."""

    gateway: Gateway
    mia: Mia
    wrong: list[str] = field(default_factory=list)

    @property
    def operations(self) -> Iterator[tuple[str, str, str, dict[str, Any]]]:
        for path, methods in self.gateway.app.openapi()["paths"].items():
            for method, operation in methods.items():
                name = f"{method.upper()} {path.removeprefix(PREFIX)}"
                yield name, method.upper(), path, operation

    def ask(
        self, name: str, method: str, path: str, operation: dict[str, Any], headers: dict[str, str]
    ) -> httpx.Response:
        body = (BODIES | BODIES_OF_VISITORS).get(name)
        made = made_request(self.gateway.app.openapi(), operation, body)
        address, body = self.mia.put_into(path), self.mia.put_all_into(made.json)
        if name == "POST /widget/messages":
            body["attachment_id"] = self.mia.names["attachment_id"]
        query = {"q": MARK, "customer": self.mia.names["customer_id"], **made.params}
        query |= {key: self.mia.names[key] for key in made.params if key in self.mia.names}
        if name == "GET /widget/config":
            query["site_key"] = "demo-shop"
        answer = self.gateway.client.request(
            method,
            address,
            json=body,
            data=made.data,
            files=made.files,
            params=query,
            headers=headers,
        )
        self.search(f"{name}: {answer.status_code}", answer, f"{address} {query} {body}")
        return answer

    def search(self, who: str, answer: httpx.Response, sent: str) -> None:
        found = self.mia.traces(answer.text + str(dict(answer.headers)), sent=sent)
        if found:
            self.wrong.append(f"{who} holds {found}")

    def expect(self, name: str, answer: httpx.Response, allowed: set[int]) -> None:
        if answer.status_code not in allowed:
            self.wrong.append(f"{name}: {answer.status_code}, not {allowed}: {answer.text[:200]}")


@pytest.fixture
def patient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Wrong keys are not slowed down, so that every route says what it says of one."""
    monkeypatch.setattr("gateway.app._BAD_KEYS", 100_000)


@pytest.fixture
def walk(patient: None, sqlite_gateway: Gateway) -> Walk:
    return Walk(sqlite_gateway, make_mia(sqlite_gateway))


def make_mia(gateway: Gateway) -> Mia:
    with gateway.database.transaction() as session:
        customer = make_customer(
            session,
            external_id=f"{MARK}-1",
            name=f"Mia {MARK.title()}",
            email=f"mia@{MARK}.example.com",
            phone="+4930555777",
            street=f"{MARK.title()}gasse 7",
        )
        order = make_order(session, customer)
        identity = SiteService(session).sign_identity(
            gateway.access.site, subject=f"{MARK}-1", email=None, name=None
        )
    mia = gateway.visitor(identity=identity)
    file = mia.post("/attachments", files={"file": (f"{MARK}.txt", f"{MARK} file".encode())})
    attachment_id = file.json()["id"]
    said = mia.say(f"my secret is {MARK}", attachment_id=attachment_id).json()["message"]
    mia.wait_for(1)
    mia.post("/csat", json={"score": 2, "comment": f"{MARK} is sad"})
    mia.post("/attributes", json={"attributes": {"plan": MARK}})
    with gateway.database.transaction() as session:
        asker = as_staff(gateway.access.agent)
        ConversationService(session).post_agent_message(
            mia.conversation_id, asker=asker, text=f"{MARK} note", client_id="n", note=True
        )
        ticket = TicketService(session).open(
            subject=f"The {MARK}",
            body=f"A {MARK}",
            topic="orders",
            customer_id=customer.id,
            idempotency_key="mia",
            asker=OPERATOR,
        )
        names = {
            "customer_id": str(customer.id),
            "conversation_id": str(mia.conversation_id),
            "message_id": said["id"],
            "attachment_id": attachment_id,
            "order_number": order.number.lower(),
            "ticket_number": ticket.number.lower(),
        }
    return Mia(mia, names)


@pytest.mark.timeout(900)
@pytest.mark.parametrize("settings", [LIMITS], indirect=True)
def test_nobody_and_no_other_visitor_gets_anything_of_hers(walk: Walk, settings: Settings) -> None:
    names = {name for name, *_ in walk.operations}
    for_visitors = {name for name in names if NEEDED[name] == "public"}
    assert for_visitors == FOR_ALL | LOGIN | set(OWN), "a route that the walk does not know"
    before = hers(walk)
    tom = walk.gateway.visitor()
    for name, method, path, operation in walk.operations:
        nobody = walk.ask(name, method, path, operation, {})
        if name in OWN:  # a session may end by what it asks for
            tom = walk.gateway.visitor(identity=signed(walk.gateway, f"tom-{uuid4().hex}"))
        as_tom = walk.ask(name, method, path, operation, tom.headers)
        if name in OWN:
            walk.expect(f"{name} as nobody", nobody, {401})
            walk.expect(f"{name} as another", as_tom, {OWN[name]})
        elif name in LOGIN:
            walk.expect(f"{name} as nobody", nobody, {401})
        elif name not in FOR_ALL:
            walk.expect(f"{name} as nobody", nobody, {401})
            # A visitor's token is no API key, and the header that carries it is the same.
            walk.expect(f"{name} with a visitor's token", as_tom, {401})
    assert hers(walk) == before, "something of hers was changed"
    assert not walk.wrong, "\n".join(walk.wrong)


@pytest.mark.timeout(900)
@pytest.mark.parametrize("settings", [LIMITS], indirect=True)
def test_no_other_method_opens_anything(walk: Walk, settings: Settings) -> None:
    described: dict[str, set[str]] = {}
    for _, method, path, _ in walk.operations:
        described.setdefault(path, set()).add(method)
    tom = walk.gateway.visitor()
    for path, known in described.items():
        for method in set(METHODS) - known:
            address = walk.mia.put_into(path)
            answer = walk.gateway.client.request(method, address, headers=tom.headers)
            walk.search(f"{method} {path}", answer, address)
            # Another route's pattern may fit the address; then it asks who this is.
            walk.expect(f"{method} {path}", answer, {401, 404, 405})
    assert not walk.wrong, "\n".join(walk.wrong)


def test_an_address_that_nobody_proved_to_own_merges_nobody(sqlite_gateway: Gateway) -> None:
    """Mia's address in a form, in an identity of somebody else's, in a message left behind."""
    gateway = sqlite_gateway
    mia = make_mia(gateway)
    address = f"mia@{MARK}.example.com"
    with gateway.database.transaction() as session:
        SiteConfiguration(session).change("demo-shop", {"pre_chat": PRE_CHAT}, asker=OPERATOR)
    asked = {"email": address, "topic": "order", "agree": True}
    guest = gateway.visitor(pre_chat=asked)
    guest.say(f"hello, I am {address}")
    guest.wait_for(1)
    guest.post("/attributes", json={"attributes": {"email": address, "sub": f"{MARK}-1"}})
    assert guest.started["verified"] is False
    other = gateway.visitor(identity=signed(gateway, "tom", email=address))
    with gateway.database.reading() as session:
        conversations = {row.id: row for row in session.scalars(select(Conversation)).all()}
        assert conversations[guest.conversation_id].customer_id is None
        assert conversations[guest.conversation_id].verified_at is None
        tom = conversations[other.conversation_id].customer_id
        assert tom is not None
        assert str(tom) != mia.names["customer_id"]
        assert session.scalar(select(func.count()).select_from(Customer)) == 2
        assert session.scalar(select(func.count(Customer.merged_into_id))) == 0
        search = CustomerService(session).search(q=address, asker=OPERATOR)
        assert {str(one.id) for one in search.items} == {mia.names["customer_id"], str(tom)}
    for visitor in (guest, other):
        answer = visitor.gateway.client.get(f"{PREFIX}/widget/messages", headers=visitor.headers)
        assert "my secret" not in answer.text


def signed(gateway: Gateway, subject: str, *, email: str | None = None) -> str:
    with gateway.database.reading() as session:
        return SiteService(session).sign_identity(
            gateway.access.site, subject=subject, email=email, name="Tom"
        )


def hers(walk: Walk) -> str:
    """What the store has of Mia's conversation."""
    conversation_id = walk.mia.visitor.conversation_id
    with walk.gateway.database.reading() as session:
        conversation = session.get_one(Conversation, conversation_id)
        said = ConversationService(session).messages(conversation_id, audience=Visibility.NOTE)
        files = session.scalars(
            select(Attachment.filename).where(Attachment.conversation_id == conversation_id)
        )
        score = ConversationService(session).csat(conversation_id)
        count = session.scalar(
            select(func.count()).where(Message.conversation_id == conversation_id)
        )
        return json.dumps(
            [
                [message.text for message in said],
                list(files),
                score.score if score else None,
                count,
                str(conversation.customer_id),
                conversation.version,
                conversation.status,
                conversation.owner,
            ]
        )
