"""Calls, e-mails and notes for the timeline; consents."""

from crm_store.importing.fields import Field, Kind, Target, choices_of
from crm_store.importing.targets.customers import WHOSE, WHOSE_NAMES
from crm_store.models.privacy import Purpose

_KINDS = {
    "call": "call", "phone": "call", "phone call": "call", "telephone": "call", "anruf": "call",
    "telefonat": "call", "telefon": "call", "电话": "call", "email": "email", "e mail": "email",
    "mail": "email", "邮件": "email", "note": "note", "comment": "note", "memo": "note",
    "meeting": "note", "visit": "note", "notiz": "note", "besuch": "note", "备注": "note",
    "chat": "chat",
}  # fmt: skip
_PURPOSES = {
    "newsletter": "marketing_email", "email marketing": "marketing_email",
    "marketing": "marketing_email", "werbung": "marketing_email",
    "chat marketing": "marketing_chat",
    "profilbildung": "profiling", "empfehlungen": "recommendations", "ai training": "training",
}  # fmt: skip

INTERACTIONS = Target(
    name="interactions",
    fields=(
        Field("external_id", Kind.CODE,
              ("id", "activity id", "interaction id", "call id", "message id", "编号"), limit=100),
        *WHOSE,
        Field("kind", Kind.CHOICE,
              ("type", "kind", "channel", "activity type", "art", "kanal", "类型", "渠道"),
              choices=_KINDS),
        Field("at", Kind.MOMENT,
              ("date", "time", "at", "timestamp", "datetime", "created at", "sent at", "datum",
               "zeitpunkt", "时间", "日期")),
        Field("summary", Kind.LINE,
              ("subject", "summary", "title", "betreff", "zusammenfassung", "主题", "摘要"),
              limit=500),
        Field("text", Kind.BODY,
              ("text", "body", "notes", "note", "content", "message", "description", "inhalt",
               "notiz", "内容", "备注"), limit=20_000),
    ),
    required=(WHOSE_NAMES, ("kind",), ("at",), ("summary", "text")),
    for_new=(),
    keys=("external_id",),
)  # fmt: skip

CONSENTS = Target(
    name="consents",
    fields=(
        *WHOSE,
        Field("purpose", Kind.CHOICE,
              ("purpose", "consent", "consent type", "zweck", "einwilligung", "用途"),
              choices=choices_of(Purpose, _PURPOSES)),
        Field("granted", Kind.BOOLEAN,
              ("granted", "given", "value", "opt in", "allowed", "erteilt", "同意")),
        Field("at", Kind.MOMENT,
              ("date", "at", "timestamp", "given at", "consent date", "datum", "时间", "日期")),
        Field("wording", Kind.CODE, ("wording", "version", "text version", "fassung"), limit=64),
        Field("note", Kind.LINE, ("note", "evidence", "source", "nachweis", "来源"), limit=500),
    ),
    required=(WHOSE_NAMES, ("purpose",), ("granted",), ("at",)),
    for_new=(),
    keys=(),
)  # fmt: skip
