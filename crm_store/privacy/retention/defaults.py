"""The rules where the operator chose nothing; docs/privacy.md has them for people."""

from datetime import timedelta

from sqlalchemy import ColumnElement, select

from crm_store.models import (
    Attempt,
    CampaignTouch,
    Decision,
    Interaction,
    Interest,
    Job,
    Lead,
    LeadStatus,
    ModelRun,
    Order,
    OrderStatus,
    Prediction,
    RecommendationFeedback,
    Segment,
    SocketTicket,
    Ticket,
    TicketStatus,
    UsedIdentity,
    UserSession,
    WidgetSession,
)
from crm_store.privacy.classified import DataClass
from crm_store.privacy.erasing.files import EXPORTS, IMPORTS
from crm_store.privacy.retention.beside import OldAuditEntries, OldFiles, OldTrackers
from crm_store.privacy.retention.chats import OldChats, UnsentUploads
from crm_store.privacy.retention.rows import OldRows
from crm_store.privacy.retention.rules import Ending, Rule, with_setting
from foundation.settings import Settings

_YEAR = 365
_TEN_YEARS = 3_653
_SETTLED = (TicketStatus.SOLVED, TicketStatus.CLOSED)
_OVER = (OrderStatus.DELIVERED, OrderStatus.CANCELLED)


def _unused_runs() -> list[ColumnElement[bool]]:
    """Runs whose results are not in force any more; that the demo shop was filled stays known."""
    return [
        ModelRun.kind != "seed",
        ~select(Segment.id).where(Segment.run_id == ModelRun.id).exists(),
        ~select(Prediction.id).where(Prediction.run_id == ModelRun.id).exists(),
    ]


def rules_of(settings: Settings) -> dict[str, Rule]:
    """The rules in force, by name.

    Raises:
        BadSettings: the setting names a rule that there is not, or no time.
    """
    return with_setting({rule.name: rule for rule in _rules()}, settings.retention)


def _rules() -> list[Rule]:
    rule, kinds = _rule, DataClass
    return [
        rule(
            "chats", kinds.CHATS, "customers' conversations", 2 * _YEAR, OldChats(of_customers=True)
        ),
        rule(
            "visitor_chats",
            kinds.CHATS,
            "unknown visitors' conversations",
            180,
            OldChats(of_customers=False),
        ),
        rule("unsent_uploads", kinds.CHATS, "files that no message names", 1, UnsentUploads()),
        rule("assistant_memory", kinds.CHATS, "the assistant's working memory", 30, OldTrackers()),
        rule(
            "tickets",
            kinds.SERVICE,
            "closed tickets",
            3 * _YEAR,
            OldRows(Ticket, "updated_at", lambda: [Ticket.status.in_(_SETTLED)]),
        ),
        rule("timeline", kinds.SERVICE, "the timeline", 3 * _YEAR, OldRows(Interaction, "at")),
        rule(
            "orders",
            kinds.ORDERS,
            "orders, for as long as tax law asks",
            _TEN_YEARS,
            OldRows(Order, "placed_at", lambda: [Order.status.in_(_OVER)]),
        ),
        rule(
            "leads",
            kinds.SALES,
            "leads that came to nothing",
            _YEAR,
            OldRows(Lead, "updated_at", lambda: [Lead.status != LeadStatus.CONVERTED]),
        ),
        rule(
            "campaign_touches",
            kinds.SALES,
            "whom campaigns reached",
            2 * _YEAR,
            OldRows(CampaignTouch, "created_at"),
        ),
        rule(
            "interests", kinds.ANALYTICS, "interests said in chats", _YEAR, OldRows(Interest, "at")
        ),
        rule(
            "decisions", kinds.ANALYTICS, "offers made", 2 * _YEAR, OldRows(Decision, "offered_at")
        ),
        rule(
            "feedback",
            kinds.ANALYTICS,
            "what became of recommendations",
            2 * _YEAR,
            OldRows(RecommendationFeedback, "at"),
        ),
        rule(
            "model_runs",
            kinds.ANALYTICS,
            "runs of analyses that are not in force",
            _YEAR,
            OldRows(ModelRun, "finished_at", _unused_runs),
        ),
        rule(
            "widget_sessions",
            kinds.ACCESS,
            "visitors' sessions, after they ran out",
            0,
            OldRows(WidgetSession, "expires_at"),
        ),
        rule(
            "staff_sessions",
            kinds.ACCESS,
            "staff's sessions, after they ran out",
            0,
            OldRows(UserSession, "expires_at"),
        ),
        rule(
            "socket_tickets",
            kinds.ACCESS,
            "tickets for sockets, after they ran out",
            0,
            OldRows(SocketTicket, "expires_at"),
        ),
        rule(
            "used_identities",
            kinds.ACCESS,
            "identities that were presented, after they ran out",
            0,
            OldRows(UsedIdentity, "expires_at"),
        ),
        # Longer than every rate limit's window, so that no limit is lifted early.
        rule("attempts", kinds.ACCESS, "counted attempts", 2, OldRows(Attempt, "at")),
        rule("audit", kinds.AUDIT, "the audit log", 3 * _YEAR, OldAuditEntries()),
        rule("jobs", kinds.OPERATIONS, "jobs that are over", 90, OldRows(Job, "finished_at")),
        rule("import_files", kinds.OPERATIONS, "what imports left", 30, OldFiles(IMPORTS)),
        rule("export_files", kinds.OPERATIONS, "exports that were left", 7, OldFiles(EXPORTS)),
    ]


def _rule(name: str, data: DataClass, what: str, days: int, ending: Ending) -> Rule:
    return Rule(name, data, what, timedelta(days=days), ending)
