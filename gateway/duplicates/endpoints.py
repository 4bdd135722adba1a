"""``/api/v1/duplicates``, merging two customers, and taking merges back."""

from uuid import UUID

from fastapi import APIRouter

from crm_store.linkage.queue import DuplicateService
from crm_store.merging.holding import done_whole
from crm_store.merging.service import MergeService
from crm_store.models import PairStatus
from gateway.auth.staff import StaffDep
from gateway.duplicates.schemas import (
    DuplicateCount,
    DuplicateView,
    MergeDecision,
    MergeView,
    MergeWith,
    UndoView,
    duplicate_view,
    merge_view,
    undo_view,
)
from gateway.paging import Cursor, Limit
from gateway.parts import PartsDep
from gateway.schemas import ListOf, list_of

router = APIRouter(tags=["duplicates"])


@router.get("/duplicates")
def list_duplicates(
    staff: StaffDep,
    parts: PartsDep,
    status: PairStatus = PairStatus.OPEN,
    cursor: Cursor = None,
    limit: Limit = 50,
) -> ListOf[DuplicateView]:
    """Pairs of customers who may be one person, the likeliest first."""
    with parts.database.reading() as session:
        page = DuplicateService(session).list(
            asker=staff.asker, status=status, cursor=cursor, limit=limit
        )
        return list_of(page, duplicate_view)


@router.get("/duplicates/count")
def count_duplicates(staff: StaffDep, parts: PartsDep) -> DuplicateCount:
    """How many pairs wait for a decision."""
    with parts.database.reading() as session:
        return DuplicateCount(open=DuplicateService(session).count_open(asker=staff.asker))


@router.get("/duplicates/{pair_id}")
def get_duplicate(pair_id: UUID, staff: StaffDep, parts: PartsDep) -> DuplicateView:
    """One pair."""
    with parts.database.reading() as session:
        return duplicate_view(DuplicateService(session).view(pair_id, asker=staff.asker))


@router.post("/duplicates/{pair_id}/merge")
def merge_duplicate(
    pair_id: UUID, staff: StaffDep, parts: PartsDep, decision: MergeDecision
) -> MergeView:
    """Say that both are one person: one record stays, the other points to it."""
    return merge_view(
        done_whole(
            parts.database,
            lambda session: DuplicateService(session).merge(
                pair_id, asker=staff.asker, keep=decision.keep
            ),
        )
    )


@router.post("/duplicates/{pair_id}/reject")
def reject_duplicate(pair_id: UUID, staff: StaffDep, parts: PartsDep) -> DuplicateView:
    """Say that they are different people; the pair does not come back."""
    with parts.database.transaction() as session:
        duplicates = DuplicateService(session)
        duplicates.reject(pair_id, asker=staff.asker)
        return duplicate_view(duplicates.view(pair_id, asker=staff.asker))


@router.post("/duplicates/{pair_id}/reopen")
def reopen_duplicate(pair_id: UUID, staff: StaffDep, parts: PartsDep) -> DuplicateView:
    """Take back that they are different people; the pair waits again."""
    with parts.database.transaction() as session:
        duplicates = DuplicateService(session)
        duplicates.reopen(pair_id, asker=staff.asker)
        return duplicate_view(duplicates.view(pair_id, asker=staff.asker))


@router.post("/customers/{customer_id}/merge")
def merge_customer(
    customer_id: UUID, staff: StaffDep, parts: PartsDep, body: MergeWith
) -> MergeView:
    """Merge another customer into this one, whether or not anybody suspected it."""
    return merge_view(
        done_whole(
            parts.database,
            lambda session: MergeService(session).merge(
                customer_id, body.other_id, asker=staff.asker
            ),
        )
    )


@router.post("/merges/{merge_id}/undo")
def undo_merge(merge_id: UUID, staff: StaffDep, parts: PartsDep) -> UndoView:
    """Take a merge back; the two count as different people from then on."""
    return undo_view(
        done_whole(
            parts.database,
            lambda session: MergeService(session).undo(merge_id, asker=staff.asker),
        )
    )
