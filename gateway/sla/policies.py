"""``/api/v1/sla-policies``."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Response

from crm_store.lists import ListQuery
from crm_store.sla.service import POLICY_SORTS, PolicyDraft, SlaPolicyService
from gateway.auth.staff import StaffDep
from gateway.listing import listing
from gateway.parts import PartsDep
from gateway.schemas import ListOf, list_of
from gateway.sla.schemas import NewPolicy, PolicyEdit, PolicyView

router = APIRouter(prefix="/sla-policies", tags=["service levels"])

PolicyPage = Annotated[ListQuery, listing(POLICY_SORTS)]


@router.get("")
def list_policies(staff: StaffDep, parts: PartsDep, page: PolicyPage) -> ListOf[PolicyView]:
    """Policies in the order in which they are tried."""
    with parts.database.reading() as session:
        found = SlaPolicyService(session).list(page, asker=staff.asker)
        return list_of(found, PolicyView.model_validate)


@router.post("", status_code=201)
def add_policy(body: NewPolicy, staff: StaffDep, parts: PartsDep) -> PolicyView:
    """A new policy; open tickets that fit fall under it."""
    with parts.database.transaction() as session:
        policy = SlaPolicyService(session).add(_draft(body), asker=staff.asker)
        return PolicyView.model_validate(policy)


@router.get("/{policy_id}")
def get_policy(policy_id: UUID, staff: StaffDep, parts: PartsDep) -> PolicyView:
    """One policy."""
    with parts.database.reading() as session:
        policy = SlaPolicyService(session).get(policy_id, asker=staff.asker)
        return PolicyView.model_validate(policy)


@router.put("/{policy_id}")
def change_policy(
    policy_id: UUID, body: PolicyEdit, staff: StaffDep, parts: PartsDep
) -> PolicyView:
    """Make the policy as sent; open tickets' clocks follow within a minute."""
    with parts.database.transaction() as session:
        policy = SlaPolicyService(session).change(
            policy_id, _draft(body), version=body.version, asker=staff.asker
        )
        return PolicyView.model_validate(policy)


@router.delete("/{policy_id}", status_code=204)
def remove_policy(policy_id: UUID, staff: StaffDep, parts: PartsDep) -> Response:
    """Forget a policy; its tickets fall under the next one that fits."""
    with parts.database.transaction() as session:
        SlaPolicyService(session).remove(policy_id, asker=staff.asker)
    return Response(status_code=204)


def _draft(body: NewPolicy) -> PolicyDraft:
    return PolicyDraft(**body.model_dump(exclude={"version"}))
