"""Merging two customers, and taking a merge back."""

import json
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import Table, exists, func, select
from sqlalchemy.orm import Session

from crm_store.asking import Asker, user_of
from crm_store.audit import record
from crm_store.customers.errors import CustomerNotFound
from crm_store.interactions import InteractionService
from crm_store.merging.errors import CannotUndo, MergeNotFound, SameCustomer
from crm_store.merging.fold import Fold, unfold
from crm_store.merging.frozen import freeze, thaw
from crm_store.merging.holding import hold
from crm_store.merging.pairs import PAIRS, follow_merge, refuse_pair
from crm_store.merging.survivorship import surviving_values
from crm_store.models import Customer, CustomerMerge, Identity, InteractionKind
from crm_store.permissions import Permission, require
from foundation.clock import utc_now
from foundation.ids import new_id

BY_NAME = "manual"
FROM_QUEUE = "queue"
CERTAIN = "certain"


@dataclass(frozen=True, slots=True)
class Undone:
    """What taking a merge back did.

    Attributes:
        merge: the merge.
        kept: fields of the survivor that were changed since, and so keep their new values.
        lost: rows that had given way and could not return, as what they belong to is gone.
    """

    merge: CustomerMerge
    kept: list[str]
    lost: int


class MergeService:
    """Merges customers and takes merges back. Each call needs the permission to merge."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._interactions = InteractionService(session)

    def merge(
        self, survivor_id: UUID, loser_id: UUID, *, asker: Asker, how: str = BY_NAME
    ) -> CustomerMerge:
        """Make two records one; the second stays as a pointer to the first.

        A record that was merged before stands for the one it points to.

        Raises:
            CustomerNotFound: one of them is absent.
            SameCustomer: they are one already.
            NotAllowed: the asker may not merge.
        """
        require(asker, Permission.CUSTOMERS_MERGE)
        survivor, loser = self._hold_both(survivor_id, loser_id)
        fold = Fold(self._session)
        table = _table()
        user_id = user_of(asker)
        identities = self._session.scalars(
            select(Identity).where(Identity.customer_id.in_([survivor.id, loser.id]))
        )
        to_survivor, to_loser = surviving_values(survivor, loser, identities.all())
        follow_merge(self._session, fold, loser=loser.id, winner=survivor.id, decided_by=user_id)
        fold.point(table, loser.id, survivor.id, leave=frozenset({PAIRS}))
        now = utc_now()
        from_loser = _set(loser, to_loser | {"merged_into_id": survivor.id}, at=now)
        self._session.flush()  # gives up what is unique before the survivor takes it
        from_survivor = _set(survivor, to_survivor, at=now)
        merge = CustomerMerge(
            id=new_id(),
            survivor_id=survivor.id,
            loser_id=loser.id,
            seq=1 + self._merges_into(survivor.id),
            how=how,
            merged_by=user_id,
            merged_at=now,
            changes=fold.steps,
            kept_aside=_pack(from_survivor, from_loser, fold.removed),
        )
        self._session.add(merge)
        self._session.flush()
        self._tell(merge, asker, fields=sorted(to_survivor))
        return merge

    def undo(self, merge_id: UUID, *, asker: Asker) -> Undone:
        """Make two of one again, each with what it had; what came since stays with the survivor.

        The two count as different people from now on.

        Raises:
            MergeNotFound: there is no such merge.
            CannotUndo: it is undone, or a later merge builds on it; the detail says which.
            NotAllowed: the asker may not merge.
        """
        require(asker, Permission.CUSTOMERS_MERGE)
        merge = self._session.get(CustomerMerge, merge_id)
        if merge is None:
            raise MergeNotFound
        held = hold(self._session, [merge.survivor_id, merge.loser_id])
        self._session.refresh(merge)
        survivor, loser = held[merge.survivor_id], held[merge.loser_id]
        self._check_undo(merge, survivor, loser)
        kept_aside = json.loads(merge.kept_aside)
        lost = unfold(self._session, merge.changes, kept_aside["removed"])
        kept = _set_back(survivor, kept_aside["survivor"])
        self._session.flush()
        _set_back(loser, kept_aside["loser"])
        merge.undone_at = utc_now()
        merge.undone_by = user_of(asker)
        self._session.flush()
        refuse_pair(self._session, survivor.id, loser.id, decided_by=merge.undone_by)
        self._tell_undone(merge, asker, lost=lost)
        return Undone(merge, kept, lost)

    def latest_of(self, customer_id: UUID) -> CustomerMerge:
        """The merge that this record went in; of a record that stands, the latest into it.

        Raises:
            MergeNotFound: there is none.
        """
        stands = CustomerMerge.undone_at.is_(None)
        found = self._session.scalar(
            select(CustomerMerge).where(CustomerMerge.loser_id == customer_id, stands)
        ) or self._session.scalar(
            select(CustomerMerge)
            .where(CustomerMerge.survivor_id == customer_id, stands)
            .order_by(CustomerMerge.seq.desc())
            .limit(1)
        )
        if found is None:
            raise MergeNotFound("nothing was merged with this customer")
        return found

    def _hold_both(self, survivor_id: UUID, loser_id: UUID) -> tuple[Customer, Customer]:
        ids = [survivor_id, loser_id]
        while True:
            held = hold(self._session, ids)
            if len(held) < len(set(ids)):
                raise CustomerNotFound
            now = [held[one].merged_into_id or one for one in ids]
            if now[0] == now[1]:
                raise SameCustomer
            if now == ids:
                return held[ids[0]], held[ids[1]]
            ids = now  # merged before, perhaps just now: on with whom they point to

    def _check_undo(self, merge: CustomerMerge, survivor: Customer, loser: Customer) -> None:
        if merge.undone_at is not None:
            raise CannotUndo("this merge is undone already")
        if survivor.merged_into_id is not None:
            raise CannotUndo("the record was merged into another one since: undo that merge first")
        if loser.merged_into_id != survivor.id:
            raise CannotUndo("the merged record points elsewhere now")
        later = exists().where(
            CustomerMerge.survivor_id == survivor.id,
            CustomerMerge.undone_at.is_(None),
            CustomerMerge.seq > merge.seq,
        )
        if self._session.scalar(select(later)):
            raise CannotUndo("another record was merged into this one since: undo that merge first")

    def _merges_into(self, survivor_id: UUID) -> int:
        largest = select(func.max(CustomerMerge.seq))
        return self._session.scalar(largest.where(CustomerMerge.survivor_id == survivor_id)) or 0

    def _tell(self, merge: CustomerMerge, asker: Asker, *, fields: list[str]) -> None:
        rows = sum(len(step["keys"]) for step in merge.changes if "keys" in step)
        self._interactions.record(
            customer_id=merge.survivor_id,
            kind=InteractionKind.ACCOUNT,
            summary="Merged with a second record of the same person",
            data={"merge_id": str(merge.id), "fields": fields},
            source_key=f"merge:{merge.id}",
        )
        record(
            self._session,
            asker,
            "customer.merged",
            "customer",
            merge.survivor_id,
            {
                "merge_id": str(merge.id),
                "loser_id": str(merge.loser_id),
                "how": merge.how,
                "rows": rows,
                "fields": fields,
            },
        )

    def _tell_undone(self, merge: CustomerMerge, asker: Asker, *, lost: int) -> None:
        for customer_id in (merge.survivor_id, merge.loser_id):
            self._interactions.record(
                customer_id=customer_id,
                kind=InteractionKind.ACCOUNT,
                summary="A merge of two records was undone",
                data={"merge_id": str(merge.id)},
                source_key=f"unmerge:{merge.id}:{customer_id}",
            )
        record(
            self._session,
            asker,
            "customer.merge_undone",
            "customer",
            merge.survivor_id,
            {"merge_id": str(merge.id), "loser_id": str(merge.loser_id), "lost": lost},
        )


def _table() -> Table:
    table = Customer.__table__
    assert isinstance(table, Table)
    return table


def _set(customer: Customer, values: dict[str, Any], *, at: Any) -> dict[str, list[Any]]:
    """Set fields; says of each what it was and is, as JSON."""
    was_and_is = {}
    for field, value in (values | {"updated_at": at}).items():
        was_and_is[field] = [freeze(getattr(customer, field)), freeze(value)]
        setattr(customer, field, value)
    return was_and_is


def _set_back(customer: Customer, was_and_is: dict[str, list[Any]]) -> list[str]:
    kept = []
    for field, (was, became) in was_and_is.items():
        if freeze(getattr(customer, field)) == became:
            setattr(customer, field, thaw(_table().c[field], was))
        elif field != "updated_at":
            kept.append(field)
    return kept


def _pack(survivor: Any, loser: Any, removed: Any) -> str:
    return json.dumps(
        {"survivor": survivor, "loser": loser, "removed": removed}, ensure_ascii=False
    )
