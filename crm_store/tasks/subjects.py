"""What a task can be about, and whose timeline that belongs on."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from crm_store.editing import must_exist
from crm_store.models import (
    Account,
    Base,
    Campaign,
    Conversation,
    Customer,
    Lead,
    LeadConversion,
    Opportunity,
    Task,
    Ticket,
)
from foundation.errors import Invalid

SUBJECTS: Mapping[str, type[Base]] = {
    "customer_id": Customer,
    "account_id": Account,
    "lead_id": Lead,
    "opportunity_id": Opportunity,
    "ticket_id": Ticket,
    "conversation_id": Conversation,
    "campaign_id": Campaign,
}


def check_subject(session: Session, values: Mapping[str, Any]) -> None:
    """Make sure that a task is about one record at most, and that there is such a record.

    Raises:
        Invalid: about two records, or about none that exists.
    """
    given = [field for field in SUBJECTS if values.get(field) is not None]
    if len(given) > 1:
        raise Invalid(f"{given[1]}: a task is about one record")
    for field in given:
        must_exist(session, SUBJECTS[field], **{field: values[field]})


def customer_of(session: Session, task: Task) -> UUID | None:
    """The customer behind what the task is about, if there is one."""
    if task.customer_id is not None:
        return task.customer_id
    for model, row_id in (
        (Opportunity, task.opportunity_id),
        (Ticket, task.ticket_id),
        (Conversation, task.conversation_id),
    ):
        if row_id is not None:
            return session.scalar(select(model.customer_id).where(model.id == row_id))
    if task.lead_id is not None:
        return session.scalar(
            select(LeadConversion.customer_id).where(
                LeadConversion.lead_id == task.lead_id, LeadConversion.undone_at.is_(None)
            )
        )
    return None


def subject_names(session: Session, tasks: list[Task]) -> dict[UUID, str]:
    """What the tasks are about, in words, by the tasks' ids; one query a kind."""
    names: dict[UUID, str] = {}
    for field, label in (
        ("customer_id", Customer.name),
        ("account_id", Account.name),
        ("lead_id", Lead.name),
        ("opportunity_id", Opportunity.name),
        ("ticket_id", Ticket.number),
        ("campaign_id", Campaign.name),
    ):
        wanted = {getattr(task, field) for task in tasks} - {None}
        if not wanted:
            continue
        key = SUBJECTS[field].__table__.c.id
        found = {
            row[0]: row[1] for row in session.execute(select(key, label).where(key.in_(wanted)))
        }
        names |= {
            task.id: found[getattr(task, field)] for task in tasks if getattr(task, field) in found
        }
    return names
