"""From rows of the store to what staff see."""

from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

from crm_store.conversations.service import ConversationRow
from crm_store.models import ConversationEvent, VisitorDetail
from crm_store.sites.form_fields import pick
from crm_store.sites.settings import SiteSettings
from gateway.conversations.schemas import (
    ConversationDetail,
    ConversationView,
    CustomerRef,
    EventView,
    FormChoice,
    OwnerView,
    UserRef,
    VisitorAnswer,
    VisitorPage,
    VisitorView,
)


def conversation_view(row: ConversationRow) -> ConversationView:
    """A row of the inbox."""
    conversation, customer, owner = row.conversation, row.customer, row.owner_user
    return ConversationView(
        id=conversation.id,
        customer=CustomerRef(
            id=customer.id, name=customer.name, verified=conversation.verified_at is not None
        )
        if customer
        else None,
        owner=OwnerView(
            kind=conversation.owner,
            user=UserRef(id=owner.id, name=owner.name) if owner else None,
        ),
        status=conversation.status,
        topic=conversation.topic,
        sentiment_valence=conversation.sentiment_valence,
        last_text=conversation.last_text,
        last_message_at=conversation.last_message_at,
        last_seq=conversation.last_seq,
        queued_at=conversation.queued_at,
        handoff_reason=conversation.handoff_reason,
        created_at=conversation.created_at,
    )


def conversation_detail(
    row: ConversationRow,
    *,
    brief: dict[str, Any],
    events: Iterable[ConversationEvent],
    names: Mapping[UUID, str],
    visitor: VisitorDetail | None,
    settings: SiteSettings,
) -> ConversationDetail:
    """One conversation; ``names`` are those of staff by id."""
    return ConversationDetail(
        **conversation_view(row).model_dump(),
        brief=brief,
        events=[
            EventView(
                kind=event.kind,
                actor=event.actor,
                user=UserRef(id=event.user_id, name=names.get(event.user_id, "Former colleague"))
                if event.user_id
                else None,
                reason=event.reason,
                at=event.at,
            )
            for event in events
        ],
        visitor=_visitor_view(row.conversation.locale, visitor, settings),
        forms=[
            FormChoice(id=form.id, title=pick(form.title, settings.locales.default))
            for form in settings.forms
        ],
    )


def _visitor_view(
    locale: str | None, visitor: VisitorDetail | None, settings: SiteSettings
) -> VisitorView:
    if visitor is None:
        return VisitorView(locale=locale, answers=[], attributes={}, page=None)
    fields = settings.pre_chat.fields if settings.pre_chat else []
    labels = {field.name: pick(field.label, settings.locales.default) for field in fields}
    return VisitorView(
        locale=locale,
        answers=[
            VisitorAnswer(name=name, label=labels.get(name, name), value=value)
            for name, value in (visitor.answers or {}).items()
        ],
        attributes=visitor.attributes or {},
        page=VisitorPage.model_validate(visitor.page) if visitor.page else None,
    )
