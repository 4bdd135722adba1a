"""What each route of the API needs. One that is missing here fails the test: deny by default."""

from typing import Any, Literal

from crm_store.permissions import Permission

Needed = frozenset[Permission] | Literal["public", "staff", "session"]
"""All of these permissions; or ``public``: no member of staff is asked for, ``staff``: any will do,
``session``: a logged-in browser."""


def _all(*permissions: Permission) -> frozenset[Permission]:
    return frozenset(permissions)


_AUDIT = _all(Permission.AUDIT_READ)
_USERS = _all(Permission.USERS_MANAGE)
_SETTINGS = _all(Permission.SETTINGS_MANAGE)
_INSIGHTS = _all(Permission.INSIGHTS_READ)
_CUSTOMERS = _all(Permission.CUSTOMERS_READ)
_CUSTOMERS_CHANGE = _all(Permission.CUSTOMERS_READ, Permission.CUSTOMERS_WRITE)
_ORDERS = _all(Permission.ORDERS_READ)
_ORDERS_CHANGE = _all(Permission.ORDERS_READ, Permission.ORDERS_WRITE)
_CHATS = _all(Permission.CONVERSATIONS_READ)
_ANSWER = _all(Permission.CONVERSATIONS_WRITE)
# They return the conversation as it is afterwards.
_HAND_ON = _all(Permission.CONVERSATIONS_READ, Permission.CONVERSATIONS_WRITE)
_REVIEW = _all(Permission.CONVERSATIONS_READ, Permission.TRANSCRIPTS_REVIEW)
_TICKETS = _all(Permission.TICKETS_READ)
_TICKETS_CHANGE = _all(Permission.TICKETS_READ, Permission.TICKETS_WRITE)

_SALES = _all(Permission.SALES_READ)
_SALES_CHANGE = _all(Permission.SALES_READ, Permission.SALES_WRITE)
_SALES_WRITE = _all(Permission.SALES_WRITE)
_MERGE = _all(Permission.CUSTOMERS_MERGE)
_PRIVACY = _all(Permission.PRIVACY_MANAGE)
_ONE_PERSON = _all(Permission.CUSTOMERS_READ, Permission.PRIVACY_MANAGE)
_IMPORTS = _all(Permission.IMPORTS_RUN)

BODIES: dict[str, dict[str, Any]] = {
    "POST /api-keys": {"name": "child", "permissions": ["users:manage"]},
    "POST /tickets/bulk": {"numbers": ["T-0000001"], "change": {"priority": "high"}},
    "POST /tickets/{number}/merge": {"duplicates": ["T-0000002"]},
    "PATCH /tickets/{number}": {"version": 0, "subject": "Parcel"},
    "POST /conversations/{conversation_id}/messages": {"client_id": "a", "text": "Hello"},
    "POST /outreach": {
        "customer_id": "00000000-0000-7000-8000-000000000001",
        "texts": {"en": "Hello"},
    },
}
"""Where the smallest well-formed body is refused for what it says before anybody is asked."""

NEEDED: dict[str, Needed] = {
    "GET /healthz": "public",
    "GET /readyz": "public",
    "POST /widget/sessions": "public",
    "POST /widget/sessions/identify": "public",
    "POST /widget/sessions/reset": "public",
    "POST /widget/messages": "public",
    "GET /widget/messages": "public",
    "POST /widget/ws-ticket": "public",
    "POST /widget/typing": "public",
    "POST /widget/csat": "public",
    "POST /widget/transcript": "public",
    "GET /widget/config": "public",
    "POST /widget/attributes": "public",
    "POST /widget/locale": "public",
    "POST /widget/end": "public",
    "POST /widget/offline-message": "public",
    "POST /widget/attachments": "public",
    "GET /widget/attachments/{attachment_id}": "public",
    "POST /auth/login": "public",
    "POST /auth/logout": "session",
    "GET /auth/me": "staff",
    "POST /staff/ws-ticket": "session",
    "GET /users": _CHATS,
    "GET /api-keys": _USERS,
    "POST /api-keys": _USERS,
    "DELETE /api-keys/{key_id}": _USERS,
    "GET /audit": _AUDIT,
    "GET /conversations": _CHATS,
    "GET /conversations/{conversation_id}": _CHATS,
    "GET /conversations/{conversation_id}/messages": _CHATS,
    "GET /conversations/{conversation_id}/attachments/{attachment_id}": _CHATS,
    "POST /conversations/{conversation_id}/messages": _ANSWER,
    "POST /conversations/{conversation_id}/note": _ANSWER,
    "POST /conversations/{conversation_id}/claim": _HAND_ON,
    "POST /conversations/{conversation_id}/assign": _HAND_ON,
    "POST /conversations/{conversation_id}/release": _HAND_ON,
    "POST /conversations/{conversation_id}/resolve": _HAND_ON,
    "POST /conversations/{conversation_id}/reopen": _HAND_ON,
    "POST /conversations/{conversation_id}/typing": _HAND_ON,
    "GET /customers": _CUSTOMERS,
    "POST /customers": _CUSTOMERS_CHANGE,
    "GET /customers/segments": _CUSTOMERS,
    "GET /customers/{customer_id}": _CUSTOMERS,
    "PATCH /customers/{customer_id}": _CUSTOMERS_CHANGE,
    "GET /customers/{customer_id}/timeline": _CUSTOMERS,
    "POST /customers/{customer_id}/interactions": _CUSTOMERS_CHANGE,
    "PATCH /customers/{customer_id}/interactions/{interaction_id}": _CUSTOMERS_CHANGE,
    "DELETE /customers/{customer_id}/interactions/{interaction_id}": _CUSTOMERS_CHANGE,
    "GET /search": "staff",
    "GET /orders": _ORDERS,
    "GET /orders/{number}": _ORDERS,
    "PUT /orders/{number}/shipments/{tracking_number}": _ORDERS_CHANGE,
    "GET /tickets": _TICKETS,
    "POST /tickets": _TICKETS_CHANGE,
    "POST /tickets/bulk": _all(Permission.TICKETS_WRITE),
    "GET /tickets/{number}": _TICKETS,
    "PATCH /tickets/{number}": _TICKETS_CHANGE,
    "POST /tickets/{number}/assign": _TICKETS_CHANGE,
    "GET /tickets/{number}/comments": _TICKETS,
    "POST /tickets/{number}/comments": _TICKETS_CHANGE,
    "POST /tickets/{number}/labels": _TICKETS_CHANGE,
    "POST /tickets/{number}/merge": _TICKETS_CHANGE,
    "POST /tickets/{number}/separate": _TICKETS_CHANGE,
    "GET /reports/service": _TICKETS,
    "GET /sla-policies": _TICKETS,
    "POST /sla-policies": _SETTINGS,
    "GET /sla-policies/{policy_id}": _TICKETS,
    "PUT /sla-policies/{policy_id}": _SETTINGS,
    "DELETE /sla-policies/{policy_id}": _SETTINGS,
    "GET /business-calendars": _TICKETS,
    "POST /business-calendars": _SETTINGS,
    "POST /business-calendars/preview": _TICKETS,
    "GET /business-calendars/holiday-regions": _TICKETS,
    "GET /business-calendars/{calendar_id}": _TICKETS,
    "PUT /business-calendars/{calendar_id}": _SETTINGS,
    "DELETE /business-calendars/{calendar_id}": _SETTINGS,
    "GET /business-calendars/{calendar_id}/holidays": _TICKETS,
    "GET /labels": _CHATS,
    "POST /labels": _SETTINGS,
    "PUT /labels/{label_id}": _SETTINGS,
    "DELETE /labels/{label_id}": _SETTINGS,
    "GET /conversations/{conversation_id}/labels": _CHATS,
    "POST /conversations/{conversation_id}/label": _HAND_ON,
    "GET /canned-replies": _CHATS,
    "POST /canned-replies": _SETTINGS,
    "PUT /canned-replies/{reply_id}": _SETTINGS,
    "DELETE /canned-replies/{reply_id}": _SETTINGS,
    "GET /canned-replies/{reply_id}/text": _CHATS,
    "GET /duplicates": _MERGE,
    "GET /duplicates/count": _MERGE,
    "GET /duplicates/{pair_id}": _MERGE,
    "POST /duplicates/{pair_id}/merge": _MERGE,
    "POST /duplicates/{pair_id}/reject": _MERGE,
    "POST /duplicates/{pair_id}/reopen": _MERGE,
    "POST /customers/{customer_id}/merge": _MERGE,
    "POST /merges/{merge_id}/undo": _MERGE,
    "GET /accounts": _SALES,
    "POST /accounts": _SALES_WRITE,
    "POST /accounts/bulk": _SALES_WRITE,
    "GET /accounts/{account_id}": _SALES,
    "PATCH /accounts/{account_id}": _SALES_WRITE,
    "POST /accounts/{account_id}/merge": _SALES_WRITE,
    "PUT /accounts/{account_id}/contacts/{customer_id}": _SALES_WRITE,
    "DELETE /accounts/{account_id}/contacts/{customer_id}": _SALES_WRITE,
    "GET /leads": _SALES,
    "POST /leads": _SALES_WRITE,
    "POST /leads/bulk": _SALES_WRITE,
    "GET /leads/{lead_id}": _SALES,
    "PATCH /leads/{lead_id}": _SALES_WRITE,
    "GET /leads/{lead_id}/candidates": _all(Permission.SALES_READ, Permission.CUSTOMERS_READ),
    "POST /leads/{lead_id}/convert": _SALES_WRITE,
    "POST /leads/{lead_id}/undo-conversion": _SALES_WRITE,
    "GET /pipelines": _SALES,
    "GET /sites": _SETTINGS,
    "GET /sites/{site_key}": _SETTINGS,
    "PATCH /sites/{site_key}": _SETTINGS,
    "POST /pipelines": _SETTINGS,
    "GET /pipelines/{pipeline_id}": _SALES,
    "PATCH /pipelines/{pipeline_id}": _SETTINGS,
    "PUT /pipelines/{pipeline_id}/stages": _SETTINGS,
    "GET /opportunities": _SALES,
    "POST /opportunities": _SALES_CHANGE,
    "GET /opportunities/board": _SALES,
    "POST /opportunities/bulk": _SALES_WRITE,
    "POST /opportunities/bulk-move": _SALES_WRITE,
    "GET /opportunities/{opportunity_id}": _SALES,
    "PATCH /opportunities/{opportunity_id}": _SALES_WRITE,
    "POST /opportunities/{opportunity_id}/move": _SALES_WRITE,
    "GET /tasks": _SALES,
    "POST /tasks": _SALES_WRITE,
    "GET /tasks/counts": _SALES,
    "GET /tasks/reminders": _SALES,
    "POST /tasks/bulk": _SALES_WRITE,
    "GET /tasks/{task_id}": _SALES,
    "PATCH /tasks/{task_id}": _SALES_WRITE,
    "POST /tasks/{task_id}/reminded": _SALES_WRITE,
    "GET /campaigns": _SALES,
    "POST /campaigns": _SALES_CHANGE,
    "POST /campaigns/bulk": _SALES_WRITE,
    "POST /campaigns/touches/{touch_id}": _SALES_WRITE,
    "GET /campaigns/audiences": _SALES,
    "GET /campaigns/{campaign_id}": _SALES,
    "PATCH /campaigns/{campaign_id}": _SALES_WRITE,
    "GET /campaigns/{campaign_id}/members": _SALES,
    "POST /campaigns/{campaign_id}/members": _SALES_WRITE,
    "DELETE /campaigns/{campaign_id}/members/{member_id}": _SALES_WRITE,
    "POST /campaigns/{campaign_id}/plan": _SALES_WRITE,
    "GET /outreach": _SALES,
    "POST /outreach": _all(Permission.CUSTOMERS_READ, Permission.SALES_WRITE),
    "POST /outreach/{outreach_id}/withdraw": _SALES_WRITE,
    "GET /reports/sales": _SALES,
    "GET /customers/{customer_id}/consents": _CUSTOMERS,
    "POST /customers/{customer_id}/consents": _all(
        Permission.CUSTOMERS_READ, Permission.CUSTOMERS_WRITE
    ),
    "GET /customers/{customer_id}/consents/history": _CUSTOMERS,
    "GET /customers/{customer_id}/export": _ONE_PERSON,
    "POST /customers/{customer_id}/erase": _ONE_PERSON,
    "GET /erasures/{erasure_id}": _PRIVACY,
    "POST /imports": _IMPORTS,
    "GET /imports": _IMPORTS,
    "POST /imports/proposals": _IMPORTS,
    "GET /imports/{run_id}": _IMPORTS,
    "GET /imports/{run_id}/rejects": _IMPORTS,
    "GET /transcripts": _REVIEW,
    "GET /transcripts/{conversation_id}": _REVIEW,
    "GET /insights/overview": _INSIGHTS,
    "GET /insights/intents": _INSIGHTS,
    "GET /insights/sentiment": _INSIGHTS,
    "GET /insights/containment": _INSIGHTS,
    "GET /insights/segments": _INSIGHTS,
    "GET /insights/recommendations": _INSIGHTS,
    "POST /nlu/explain": _CHATS,
}
