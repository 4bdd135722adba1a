"""Tickets and the timeline."""

from crm_store.models import Visibility
from crm_store.privacy.classified import Classified, DataClass, deleted

_SERVICE = DataClass.SERVICE
_BY_TICKET = "ticket_id -> tickets.id"

TABLES: list[Classified] = [
    deleted(
        "tickets",
        _SERVICE,
        ("customer_id", "conversation_id -> conversations.id"),
        shown="id number subject body topic type status priority order_id conversation_id"
        " answered_at solved_at created_at updated_at",
        inside="customer_id assignee_id policy_id due_at sla_stale reopened merged_into_id version"
        " idempotency_key",
        export="tickets",
    ),
    deleted(
        "ticket_comments",
        _SERVICE,
        _BY_TICKET,
        shown="ticket_id author text at",
        inside="id client_id user_id visibility",
        export="ticket_comments",
        only={"visibility": Visibility.PUBLIC},
    ),
    deleted(
        "ticket_events",
        _SERVICE,
        _BY_TICKET,
        inside="id ticket_id version kind actor user_id data at source_key",
    ),
    deleted("ticket_labels", _SERVICE, _BY_TICKET, inside="ticket_id label_id user_id at"),
    deleted(
        "sla_clocks",
        _SERVICE,
        _BY_TICKET,
        inside="id ticket_id kind state target_minutes spent_seconds due_at warn_at stopped_at"
        " breached_at",
    ),
    deleted(
        "interactions",
        _SERVICE,
        "customer_id",
        shown="kind at summary data conversation_id order_id edited_at",
        inside="id customer_id source_key user_id",
        export="interactions",
    ),
]
