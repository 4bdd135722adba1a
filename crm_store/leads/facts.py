"""What the store knows of a lead that speaks for or against a sale."""

from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from crm_store.leads.rules import Fact
from crm_store.models import (
    Author,
    CampaignMember,
    CampaignTouch,
    Conversation,
    Interest,
    Lead,
    Message,
)

# Addresses that anybody can have: they say nothing about a company.
_FREE_MAIL = frozenset(
    {
        "gmail.com", "googlemail.com", "outlook.com", "hotmail.com", "live.com", "yahoo.com",
        "icloud.com", "me.com", "aol.com", "gmx.de", "gmx.net", "web.de", "t-online.de",
        "proton.me", "protonmail.com", "mail.com", "qq.com", "163.com", "126.com", "yandex.ru",
        "orange.fr", "free.fr", "libero.it", "example.com", "example.org", "example.net",
    }
)  # fmt: skip


def lead_facts(session: Session, lead: Lead, *, now: datetime) -> dict[str, Fact]:
    """The facts that scoring rules may name."""
    domain = (lead.email or "").rpartition("@")[2]
    facts: dict[str, Fact] = {
        "source": lead.source.value,
        "has_email": lead.email is not None,
        "company_email": bool(domain) and domain not in _FREE_MAIL,
        "has_phone": lead.phone is not None,
        "has_company": lead.company is not None,
        "days_quiet": (now - lead.updated_at).days,
    }
    return facts | _chat_facts(session, lead) | _campaign_facts(session, lead)


def _chat_facts(session: Session, lead: Lead) -> dict[str, Fact]:
    if lead.conversation_id is None:
        return {}
    said = select(func.count()).where(
        Message.conversation_id == lead.conversation_id, Message.author == Author.CUSTOMER
    )
    named = select(func.count(Interest.product_id.distinct())).where(
        Interest.conversation_id == lead.conversation_id
    )
    mood = select(Conversation.sentiment_valence).where(Conversation.id == lead.conversation_id)
    return {
        "chat_messages": session.scalar(said),
        "named_products": session.scalar(named),
        "mood": session.scalar(mood),
    }


def _campaign_facts(session: Session, lead: Lead) -> dict[str, Fact]:
    opened, answered = session.execute(
        select(func.count(CampaignTouch.opened_at), func.count(CampaignTouch.answered_at))
        .join(CampaignMember, CampaignMember.id == CampaignTouch.member_id)
        .where(CampaignMember.lead_id == lead.id)
    ).one()
    return {"opened_campaign": opened > 0, "answered_campaign": answered > 0}
