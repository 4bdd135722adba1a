"""What was said in conversations, and what makes them run."""

from crm_store.models import Visibility
from crm_store.privacy.classified import Classified, DataClass, deleted

_CHATS = DataClass.CHATS
_BY_CHAT = "conversation_id -> conversations.id"

TABLES: list[Classified] = [
    deleted(
        "conversations",
        _CHATS,
        "customer_id",
        shown="id channel locale verified_at verified_by status topic sentiment_valence"
        " handoff_reason last_message_at resolved_at created_at",
        inside="site_id customer_id owner owner_user_id version last_seq last_text handoff_brief"
        " queued_at updated_at",
        export="conversations",
        # Who was not verified may not be the customer: what they said is not theirs to read.
        only={"verified_at": ...},
    ),
    deleted(
        "messages",
        _CHATS,
        _BY_CHAT,
        shown="id conversation_id seq author name text payload attachment_id sent_at intent"
        " confidence sentiment valence nlu",
        inside="client_id user_id visibility in_reply_to actions latency_ms",
        export="messages",
        only={"visibility": Visibility.PUBLIC},
    ),
    deleted(
        "attachments",
        _CHATS,
        _BY_CHAT,
        shown="id conversation_id filename content_type size created_at",
        export="attachments",
    ),
    deleted(
        "csats",
        _CHATS,
        _BY_CHAT,
        shown="conversation_id score comment created_at",
        inside="id",
        export="ratings",
    ),
    deleted(
        "visitor_details",
        _CHATS,
        _BY_CHAT,
        shown="conversation_id answers attributes page updated_at",
        inside="id",
        export="visitor_details",
    ),
    deleted(
        "turns",
        _CHATS,
        _BY_CHAT,
        inside="id conversation_id message_id seq status attempts lease_owner lease_expires_at"
        " available_at error created_at finished_at",
    ),
    deleted(
        "conversation_events",
        _CHATS,
        _BY_CHAT,
        inside="id conversation_id kind actor user_id reason data at",
    ),
    deleted("conversation_labels", _CHATS, _BY_CHAT, inside="conversation_id label_id user_id at"),
    deleted(
        "assistant_events",
        _CHATS,
        _BY_CHAT,
        inside="id broker_key conversation_id type_name name at data",
    ),
    deleted(
        "widget_sessions",
        DataClass.ACCESS,
        _BY_CHAT,
        inside="id conversation_id token_digest expires_at created_at",
    ),
    deleted(
        "socket_tickets",
        DataClass.ACCESS,
        _BY_CHAT,
        inside="id token_digest conversation_id session_id user_id expires_at",
    ),
]
