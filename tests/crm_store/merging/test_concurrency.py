"""Merges beside each other, and beside chats that write."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from uuid import UUID

from sqlalchemy import select

from crm_store.asking import AsSystem
from crm_store.conversations.repository import ConversationRepository
from crm_store.customers.errors import CustomerNotFound
from crm_store.database import Database
from crm_store.interactions import InteractionService
from crm_store.merging.errors import SameCustomer
from crm_store.merging.holding import done_whole
from crm_store.merging.service import MergeService
from crm_store.merging.stragglers import settle_stragglers
from crm_store.models import Conversation, Customer, Interaction, InteractionKind, Order
from tests.factories import make_conversation, make_customer, make_order

SYSTEM = AsSystem("test")


def test_two_merges_of_the_same_record_leave_one_survivor(database: Database) -> None:
    with database.transaction() as session:
        first, second, third = [make_customer(session) for _ in range(3)]
        order = make_order(session, second).id
    start = threading.Barrier(2)

    def merge(survivor: UUID) -> None:
        start.wait()
        with suppress(SameCustomer, CustomerNotFound):
            done_whole(
                database,
                lambda session: MergeService(session).merge(survivor, second.id, asker=SYSTEM),
            )

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(merge, [first.id, third.id]))
    with database.reading() as session:
        standing = session.scalars(select(Customer.id).where(Customer.merged_into_id.is_(None)))
        (survivor,) = standing.all()
        assert session.get_one(Order, order).customer_id == survivor


def test_both_ways_at_once_end_with_one_of_them(database: Database) -> None:
    with database.transaction() as session:
        one, other = make_customer(session).id, make_customer(session).id
    start = threading.Barrier(2)

    def merge(pair: tuple[UUID, UUID]) -> bool:
        start.wait()
        try:
            done_whole(database, lambda session: MergeService(session).merge(*pair, asker=SYSTEM))
        except SameCustomer:
            return False
        return True

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(merge, [(one, other), (other, one)])) == [False, True]


def test_a_chat_that_writes_meanwhile_loses_nothing(database: Database) -> None:
    with database.transaction() as session:
        stays, goes = make_customer(session).id, make_customer(session).id
        chat = make_conversation(session, customer_id=goes).id
    stop = threading.Event()
    written: list[int] = []

    def talk() -> None:
        while not stop.is_set():
            number = len(written)
            done_whole(database, _said(chat, goes, number))
            written.append(number)

    with ThreadPoolExecutor(1) as pool:
        talking = pool.submit(talk)
        while len(written) < 5:
            assert not talking.done(), talking.exception()
        merge = done_whole(
            database, lambda session: MergeService(session).merge(stays, goes, asker=SYSTEM)
        )
        while len(written) < 15:
            assert not talking.done(), talking.exception()
        stop.set()
        talking.result()
    settle_stragglers(database)
    with database.reading() as session:
        summaries = session.scalars(
            select(Interaction.summary).where(Interaction.customer_id == stays)
        ).all()
        assert {f"line {number}" for number in written} <= set(summaries)
        assert session.get_one(Conversation, chat).customer_id == stays
        left = session.scalars(select(Interaction).where(Interaction.customer_id == goes)).all()
        assert left == []
    # What was said to the merged record belongs to it again once the merge is undone.
    done_whole(database, lambda session: MergeService(session).undo(merge.id, asker=SYSTEM))
    with database.reading() as session:
        back = session.scalars(
            select(Interaction.summary).where(Interaction.customer_id == goes)
        ).all()
        assert {f"line {number}" for number in written} <= set(back)


def _said(chat: UUID, customer_id: UUID, number: int) -> "Callable[..., None]":
    def say(session) -> None:  # type: ignore[no-untyped-def]
        ConversationRepository(session).lock(chat)
        InteractionService(session).record(
            customer_id=customer_id, kind=InteractionKind.CHAT, summary=f"line {number}"
        )

    return say
