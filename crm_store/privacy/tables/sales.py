"""Leads, deals, tasks, campaigns."""

from crm_store.privacy.classified import (
    ERASED_TEXT,
    Classified,
    DataClass,
    deleted,
    nobodys,
    scrubbed,
)

_SALES = DataClass.SALES
_DEAL = "what was sold or lost for how much is the company's figure, not the person's data"

TABLES: list[Classified] = [
    deleted(
        "leads",
        _SALES,
        "id -> lead_conversions.lead_id",
        shown="name email phone company source status marketing_consent_at created_at converted_at",
        inside="id external_id email_index phone_index unqualified_reason score score_reasons"
        " scored_at notes campaign_id conversation_id idempotency_key owner_id version updated_at"
        " updated_by_id",
        export="leads",
    ),
    deleted(
        "lead_conversions",
        _SALES,
        "customer_id",
        inside="id lead_id status_before customer_id customer_made account_id account_made"
        " contact_made opportunity_id at user_id undone_at undone_by_id",
    ),
    scrubbed(
        "opportunities",
        _SALES,
        "customer_id",
        why=_DEAL,
        scrub={
            "customer_id": None,
            "external_id": None,
            "name": ERASED_TEXT,
            "next_step": None,
            "notes": "",
            "lost_note": None,
        },
        shown="id name status amount_minor currency source created_at closed_at",
        inside="external_id account_id customer_id pipeline_id stage_id stage_since probability"
        " expected_close next_step campaign_id notes lost_reason lost_note owner_id version"
        " updated_at updated_by_id",
        export="opportunities",
    ),
    scrubbed(
        "stage_changes",
        _SALES,
        "opportunity_id -> opportunities.id",
        why=_DEAL,
        scrub={"note": None},
        inside="id opportunity_id seq event at user_id from_stage_id to_stage_id amount_minor"
        " currency note",
    ),
    deleted(
        "tasks",
        _SALES,
        (
            "customer_id",
            "ticket_id -> tickets.id",
            "conversation_id -> conversations.id",
            "opportunity_id -> opportunities.id",
            "lead_id -> leads.id",
        ),
        inside="id title details kind status priority due_at remind_at reminded_at created_by_id"
        " closed_at customer_id account_id lead_id opportunity_id ticket_id conversation_id"
        " campaign_id owner_id version created_at updated_at updated_by_id",
    ),
    deleted(
        "account_contacts",
        _SALES,
        "customer_id",
        shown="account_id title is_main created_at",
        inside="customer_id",
        export="account_contacts",
    ),
    deleted(
        "campaign_members",
        _SALES,
        ("customer_id", "lead_id -> leads.id"),
        shown="id campaign_id created_at",
        inside="customer_id lead_id",
        export="campaign_members",
    ),
    deleted(
        "campaign_touches",
        _SALES,
        "member_id -> campaign_members.id",
        shown="member_id status planned_for sent_at opened_at answered_at converted_at",
        inside="id skip_reason conversation_id opportunity_id created_at",
        export="campaign_touches",
    ),
    deleted(
        "outreach_messages",
        _SALES,
        "customer_id",
        shown="purpose texts not_before expires_at status delivered_at answered_at"
        " conversation_id created_at",
        inside="id customer_id touch_id reason seq created_by_id",
        export="outreach_messages",
    ),
    nobodys(
        "accounts",
        _SALES,
        why="companies; the check after an erasure tells where notes name the person",
        columns="id external_id name website industry employees country notes merged_into_id"
        " owner_id version created_at updated_at updated_by_id",
    ),
    nobodys(
        "campaigns",
        _SALES,
        why="what the company offers",
        columns="id name goal channel status message segment_id starts_at ends_at max_touches"
        " within_days owner_id version created_at updated_at updated_by_id",
    ),
    nobodys(
        "pipelines",
        _SALES,
        why="how the company sells",
        columns="id name currency is_default archived_at version created_at updated_at"
        " updated_by_id",
    ),
    nobodys(
        "stages",
        _SALES,
        why="how the company sells",
        columns="id pipeline_id name position kind probability",
    ),
]
