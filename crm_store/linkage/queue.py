"""The pairs that wait for a person, and what the person says."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from crm_store.asking import Asker, user_of
from crm_store.audit import record
from crm_store.linkage.errors import PairDecided, PairNotFound
from crm_store.linkage.merging import survivor_first
from crm_store.merging.errors import SameCustomer
from crm_store.merging.service import FROM_QUEUE, MergeService
from crm_store.models import (
    Conversation,
    Customer,
    CustomerMerge,
    DuplicatePair,
    Identity,
    Order,
    PairStatus,
    Ticket,
)
from crm_store.pages import Page, fetch_page
from crm_store.permissions import Permission, require
from foundation.clock import utc_now


@dataclass(frozen=True, slots=True)
class Side:
    """One customer of a pair, with how much hangs on the record."""

    customer: Customer
    orders: int
    conversations: int
    tickets: int
    vouched_email: bool
    vouched_phone: bool


@dataclass(frozen=True, slots=True)
class PairView:
    """A pair as somebody who decides sees it.

    Attributes:
        pair: the row of the queue.
        first: one customer.
        second: the other.
        keep: the one whose record should stay.
        merge_id: the merge that it led to, while that stands.
    """

    pair: DuplicatePair
    first: Side
    second: Side
    keep: UUID
    merge_id: UUID | None


Views = list[PairView]  # within the service, ``list`` is a method


class DuplicateService:
    """Lists pairs and decides on them. Each call needs the permission to merge."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def list(
        self,
        *,
        asker: Asker,
        status: PairStatus = PairStatus.OPEN,
        cursor: str | None = None,
        limit: int = 50,
    ) -> Page[PairView]:
        """Pairs of a status, the likeliest first."""
        require(asker, Permission.CUSTOMERS_MERGE)
        page = fetch_page(
            self._session,
            select(DuplicatePair).where(DuplicatePair.status == status),
            keys=[(DuplicatePair.score, float), (DuplicatePair.id, UUID)],
            cursor=cursor,
            limit=limit,
            descending=True,
        )
        return Page(self._views(page.items), page.next_cursor)

    def count_open(self, *, asker: Asker) -> int:
        """How many pairs wait."""
        require(asker, Permission.CUSTOMERS_MERGE)
        waiting = select(func.count()).where(DuplicatePair.status == PairStatus.OPEN)
        return self._session.scalar(waiting) or 0

    def merge(self, pair_id: UUID, *, asker: Asker, keep: UUID | None = None) -> CustomerMerge:
        """Say that the two are one person.

        Args:
            pair_id: the pair.
            asker: who says so.
            keep: whose record stays; by default the one that a channel vouches for, or the older.

        Raises:
            PairNotFound: absent, or ``keep`` is none of the two.
            PairDecided: somebody was faster.
        """
        pair = self._open_pair(pair_id, asker)
        survivor, loser = survivor_first(self._session, pair.first_id, pair.second_id)
        if keep is not None and keep != survivor:
            survivor, loser = loser, survivor
        if keep is not None and keep != survivor:
            raise PairNotFound("the record to keep is none of this pair")
        merging = MergeService(self._session)
        try:
            return merging.merge(survivor, loser, asker=asker, how=FROM_QUEUE)
        except SameCustomer:
            raise PairDecided from None

    def reject(self, pair_id: UUID, *, asker: Asker) -> DuplicatePair:
        """Say that the two are different people: the pair never comes back.

        Raises:
            PairNotFound: absent.
            PairDecided: somebody was faster.
        """
        pair = self._open_pair(pair_id, asker)
        pair.status = PairStatus.REJECTED
        pair.decided_at = utc_now()
        pair.decided_by = user_of(asker)
        self._session.flush()
        ids = {"first_id": str(pair.first_id), "second_id": str(pair.second_id)}
        record(self._session, asker, "duplicate.rejected", "duplicate_pair", pair.id, ids)
        return pair

    def reopen(self, pair_id: UUID, *, asker: Asker) -> DuplicatePair:
        """Take back that the two are different people: the pair waits again.

        Raises:
            PairNotFound: absent.
            PairDecided: it is not one that was rejected.
        """
        pair = self._read(pair_id, asker)
        if pair.status is not PairStatus.REJECTED:
            raise PairDecided("only a pair that was called different can wait again")
        pair.status, pair.decided_at, pair.decided_by = PairStatus.OPEN, None, None
        self._session.flush()
        record(self._session, asker, "duplicate.reopened", "duplicate_pair", pair.id)
        return pair

    def view(self, pair_id: UUID, *, asker: Asker) -> PairView:
        """One pair.

        Raises:
            PairNotFound: absent.
        """
        return self._views([self._read(pair_id, asker)])[0]

    def _open_pair(self, pair_id: UUID, asker: Asker) -> DuplicatePair:
        pair = self._read(pair_id, asker)
        if pair.status is not PairStatus.OPEN:
            raise PairDecided
        return pair

    def _read(self, pair_id: UUID, asker: Asker) -> DuplicatePair:
        require(asker, Permission.CUSTOMERS_MERGE)
        # Held against other deciders only by the merge, which takes the rows in its own order.
        pair = self._session.scalar(
            select(DuplicatePair)
            .where(DuplicatePair.id == pair_id)
            .execution_options(populate_existing=True)
        )
        if pair is None:
            raise PairNotFound
        return pair

    def _views(self, pairs: Sequence[DuplicatePair]) -> Views:
        ids = {one for pair in pairs for one in (pair.first_id, pair.second_id)}
        sides = self._sides(ids)
        merges = self._standing_merges(ids)
        return [
            PairView(
                pair=pair,
                first=sides[pair.first_id],
                second=sides[pair.second_id],
                keep=_keep(sides[pair.first_id], sides[pair.second_id]),
                merge_id=merges.get(frozenset((pair.first_id, pair.second_id))),
            )
            for pair in pairs
        ]

    def _sides(self, ids: set[UUID]) -> dict[UUID, Side]:
        orders, chats, tickets = (
            self._count(model.customer_id, ids) for model in (Order, Conversation, Ticket)
        )
        vouched: dict[UUID, Any] = {}
        for one in self._session.scalars(
            select(Identity).where(Identity.customer_id.in_(ids), Identity.verified_at.is_not(None))
        ):
            kinds = vouched.setdefault(one.customer_id, set())
            kinds |= {one.verified_email, one.verified_phone} - {None}
        found = self._session.scalars(select(Customer).where(Customer.id.in_(ids)))
        return {
            one.id: Side(
                customer=one,
                orders=orders[one.id],
                conversations=chats[one.id],
                tickets=tickets[one.id],
                vouched_email=one.email in vouched.get(one.id, ()),
                vouched_phone=one.phone in vouched.get(one.id, ()),
            )
            for one in found
        }

    def _count(self, column: Any, ids: set[UUID]) -> Counter[UUID]:
        rows = self._session.execute(
            select(column, func.count()).where(column.in_(ids)).group_by(column)
        )
        return Counter({row[0]: row[1] for row in rows})

    def _standing_merges(self, ids: set[UUID]) -> dict[frozenset[UUID], UUID]:
        rows = self._session.scalars(
            select(CustomerMerge).where(
                CustomerMerge.loser_id.in_(ids), CustomerMerge.undone_at.is_(None)
            )
        )
        return {frozenset((one.survivor_id, one.loser_id)): one.id for one in rows}


def _keep(first: Side, second: Side) -> UUID:
    def rank(side: Side) -> tuple[bool, Any, UUID]:
        vouched = side.vouched_email or side.vouched_phone
        return (not vouched, side.customer.created_at, side.customer.id)

    return min(first, second, key=rank).customer.id
