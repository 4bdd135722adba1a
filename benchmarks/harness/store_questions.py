"""What the console's screens ask the store, through the services and in hand-written SQL."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from benchmarks.harness.store_sample import Sample
from crm_store.asking import AsSystem
from crm_store.conversations.service import ConversationService, ConversationSort
from crm_store.customers.listing import CUSTOMER_SORTS
from crm_store.customers.service import CustomerService
from crm_store.interactions.service import TimelineFilter
from crm_store.models import ConversationStatus, InteractionKind, Owner, TicketStatus
from crm_store.orders.service import OrderService
from crm_store.pages import encode_cursor
from crm_store.search.service import SearchService
from crm_store.tickets.service import TicketService

US = AsSystem("benchmark")
LIMIT = 50
Ask = Callable[[Session, Any], int]
"""Asks with one case and tells how many rows came."""


@dataclass(frozen=True)
class Question:
    """One question with its cases, asked in turn; ``plain`` is the SQL that a hand would write.

    ``plain`` takes the case's values as ``:name``; None where a hand would write what we ask.
    """

    name: str
    group: str
    ask: Ask
    cases: Sequence[Any]
    plain: str | None = None
    values: Callable[[Any], dict[str, Any]] = lambda _: {}


_CHAT = """SELECT v.*, c.name, c.email, u.name FROM conversations v
LEFT JOIN customers c ON c.id = v.customer_id LEFT JOIN users u ON u.id = v.owner_user_id"""
_NEWEST = "ORDER BY v.last_message_at DESC, v.id DESC LIMIT 50"


def questions(sample: Sample, *, is_sqlite: bool) -> list[Question]:
    """All of them, for a store of which ``sample`` holds some rows."""
    return [
        *_conversations(sample),
        *_customers(sample, is_sqlite),
        *_timelines(sample),
        *_searches(sample, is_sqlite),
        *_others(sample),
    ]


def _conversations(sample: Sample) -> list[Question]:
    def listing(name: str, plain: str, **filters: Any) -> Question:
        def ask(session: Session, _: Any) -> int:
            return len(ConversationService(session).list(**filters, limit=LIMIT, asker=US).items)

        return Question(f"conversations, {name}", "conversation list", ask, [None], plain)

    def deep(session: Session, place: tuple[Any, UUID]) -> int:
        page = ConversationService(session).list(
            cursor=encode_cursor(*place), limit=LIMIT, asker=US
        )
        return len(page.items)

    def about(session: Session, q: str) -> int:
        return len(ConversationService(session).list(q=q, limit=LIMIT, asker=US).items)

    resolved, is_open = ConversationStatus.RESOLVED, ConversationStatus.OPEN
    return [
        listing("newest", f"{_CHAT} {_NEWEST}"),
        listing(
            "oldest",
            f"{_CHAT} ORDER BY v.last_message_at, v.id LIMIT 50",
            sort=ConversationSort.OLDEST,
        ),
        listing("open", f"{_CHAT} WHERE v.status = 'open' {_NEWEST}", status=is_open),
        listing("resolved", f"{_CHAT} WHERE v.status = 'resolved' {_NEWEST}", status=resolved),
        listing(
            "resolved with the bot",
            f"{_CHAT} WHERE v.status = 'resolved' AND v.owner = 'bot' {_NEWEST}",
            status=resolved,
            owner=Owner.BOT,
        ),
        listing(
            "queue",
            f"{_CHAT} WHERE v.owner = 'queue' AND v.queued_at IS NOT NULL {_NEWEST}",
            owner=Owner.QUEUE,
        ),
        listing(
            "agents'", f"{_CHAT} WHERE v.owner_user_id IS NOT NULL {_NEWEST}", owner=Owner.AGENT
        ),
        listing(
            "waiting",
            f"{_CHAT} WHERE v.queued_at IS NOT NULL ORDER BY v.queued_at, v.id LIMIT 50",
            sort=ConversationSort.WAITING,
        ),
        Question(
            "conversations, deep page",
            "conversation list",
            deep,
            sample.deep_conversations,
            f"{_CHAT} WHERE (v.last_message_at, v.id) < (:at, :id) {_NEWEST}",
            lambda place: {"at": place[0], "id": place[1]},
        ),
        Question("conversations, frequent word", "conversation search", about, sample.frequent),
        Question("conversations, rare word", "conversation search", about, sample.rare),
        Question("conversations, a name", "conversation search", about, sample.names),
    ]


def _customers(sample: Sample, is_sqlite: bool) -> list[Question]:
    def find(session: Session, q: str | None) -> int:
        return len(CustomerService(session).search(q=q, limit=LIMIT, asker=US).items)

    def deep(session: Session, place: tuple[Any, UUID]) -> int:
        cursor = CUSTOMER_SORTS.cursor(place)
        page = CustomerService(session).search(cursor=cursor, limit=LIMIT, asker=US)
        return len(page.items)

    found = "SELECT c.* FROM customers c"
    indexed = (
        f"""{found} WHERE c.id IN (SELECT e.ref_id FROM search_words w
        JOIN search_entries e ON e.entry = w.rowid + 0
        WHERE w.search_words MATCH :words ORDER BY w.rowid DESC LIMIT 50)"""
        if is_sqlite
        else f"""{found} WHERE c.id IN (SELECT ref_id FROM search_entries
        WHERE words @@ CAST(:words AS tsquery) ORDER BY entry DESC LIMIT 50)"""
    )

    def words(q: str) -> dict[str, Any]:
        return {"words": sample.expression(q)}

    def question(name: str, cases: Sequence[Any], plain: str | None = indexed) -> Question:
        return Question(f"customers, {name}", "customer search", find, cases, plain, words)

    return [
        Question(
            "customers, newest",
            "customer search",
            find,
            [None],
            f"{found} ORDER BY c.created_at DESC, c.id DESC LIMIT 50",
        ),
        Question(
            "customers, deep page",
            "customer search",
            deep,
            sample.deep_customers,
            f"{found} WHERE (c.created_at, c.id) < (:at, :id) "
            "ORDER BY c.created_at DESC, c.id DESC LIMIT 50",
            lambda place: {"at": place[0], "id": place[1]},
        ),
        question("whole name", sample.names),
        question("beginning of a name", sample.beginnings),
        question("frequent name", sample.frequent_names),
        question("a letter wrong", sample.typos, None),
        question("nobody's name", ["Qwxzyv", "Zzqqvv Kkjjxx"]),
        Question("customers, e-mail", "customer search", find, sample.emails),
        Question("customers, phone", "customer search", find, sample.phones),
        Question("customers, order number", "customer search", find, sample.numbers),
    ]


def _timelines(sample: Sample) -> list[Question]:
    entries = "SELECT * FROM interactions WHERE customer_id = :who"
    order = "ORDER BY at DESC, id DESC LIMIT 50"

    def ask(filter: TimelineFilter) -> Ask:
        def of(session: Session, who: UUID) -> int:
            page = CustomerService(session).timeline(who, filter=filter, limit=LIMIT, asker=US)
            return len(page.items)

        return of

    def second(session: Session, who: UUID) -> int:
        service = CustomerService(session)
        first = service.timeline(who, limit=10, asker=US)
        return len(service.timeline(who, cursor=first.next_cursor, limit=LIMIT, asker=US).items)

    def card(session: Session, who: UUID) -> int:
        return len(CustomerService(session).card(who, asker=US))

    def who(key: UUID) -> dict[str, Any]:
        return {"who": key}

    group, busy = "timeline", sample.busy_customers
    calls = (InteractionKind.PURCHASE, InteractionKind.RETURN)
    return [
        Question(
            "timeline, first page", group, ask(TimelineFilter()), busy, f"{entries} {order}", who
        ),
        Question("timeline, two pages", group, second, busy),
        Question(
            "timeline, two kinds", group, ask(TimelineFilter(kinds=calls)), busy,
            f"{entries} AND kind IN ('purchase', 'return') {order}", who,
        ),
        Question("timeline, a word", group, ask(TimelineFilter(text="order")), busy),
        Question("customer card", "customer card", card, busy),
    ]  # fmt: skip


def _searches(sample: Sample, is_sqlite: bool) -> list[Question]:
    def ask(session: Session, q: str) -> int:
        return len(SearchService(session).search(q, limit=20, asker=US).items)

    plain = (
        """SELECT e.* FROM search_words w JOIN search_entries e ON e.entry = w.rowid + 0
        WHERE w.search_words MATCH :words ORDER BY w.rowid DESC LIMIT 20"""
        if is_sqlite
        else """SELECT entry, kind, ref_id FROM search_entries
        WHERE words @@ CAST(:words AS tsquery) ORDER BY entry DESC LIMIT 20"""
    )

    def question(name: str, cases: Sequence[str]) -> Question:
        return Question(
            f"search, {name}", "search", ask, cases, plain,
            lambda q: {"words": sample.expression(q, everything=True)},
        )  # fmt: skip

    return [
        question("frequent word", sample.frequent),
        question("word of one in a thousand", sample.middling),
        question("rare word", sample.rare),
        question("two words", sample.pairs),
        question("beginning of a word", [word[:4] for word in sample.frequent]),
        question("a name", sample.names),
    ]


def _others(sample: Sample) -> list[Question]:
    def orders(session: Session, q: str | None) -> int:
        return len(OrderService(session).list(q=q, limit=LIMIT, asker=US).items)

    def tickets(session: Session, status: TicketStatus | None) -> int:
        return len(TicketService(session).list(status=status, limit=LIMIT, asker=US).items)

    placed = """SELECT o.*, c.name FROM orders o JOIN customers c ON c.id = o.customer_id
    {where} ORDER BY o.placed_at DESC, o.id DESC LIMIT 50"""
    ticket = "SELECT * FROM tickets {where} ORDER BY created_at DESC, id DESC LIMIT 50"
    return [
        Question("orders, newest", "order list", orders, [None], placed.format(where="")),
        Question(
            "orders, a number", "order list", orders, sample.numbers,
            placed.format(where="WHERE o.number = :number"), lambda number: {"number": number},
        ),
        Question(
            "orders, beginning of a number", "order list", orders, [n[:6] for n in sample.numbers]
        ),
        Question("orders, a name", "order list", orders, sample.names),
        Question("tickets, newest", "ticket list", tickets, [None], ticket.format(where="")),
        Question(
            "tickets, open", "ticket list", tickets, [TicketStatus.OPEN],
            ticket.format(where="WHERE status = 'open'"),
        ),
    ]  # fmt: skip
