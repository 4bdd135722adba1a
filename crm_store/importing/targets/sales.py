"""The sales side: leads, accounts, opportunities."""

from crm_store.importing.fields import Field, Kind, Target, choices_of
from crm_store.importing.targets.customers import CREATED_AT, CUSTOMERS, WHOSE
from crm_store.models import LeadSource, LeadStatus, LostReason

_SOURCES = choices_of(
    LeadSource,
    {
        "website": "web", "webseite": "web", "online": "web", "官网": "web", "live chat": "chat",
        "advertisement": "campaign", "ads": "campaign", "newsletter": "campaign",
        "kampagne": "campaign", "recommendation": "referral", "empfehlung": "referral",
        "partner": "referral", "trade show": "event", "messe": "event", "展会": "event",
        "cold call": "phone", "telefon": "phone", "call": "phone", "sonstige": "other",
    },
)  # fmt: skip
_STATUS = choices_of(
    LeadStatus,
    {
        "open": "new", "neu": "new", "新": "new", "contacted": "working", "in progress": "working",
        "kontaktiert": "working", "qualifiziert": "qualified", "lost": "unqualified",
        "disqualified": "unqualified", "rejected": "unqualified",
    },
)  # fmt: skip
del _STATUS["converted"]  # converting makes customers: that is done in the store, not by a file
_NOTES = Field("notes", Kind.BODY, ("notes", "note", "comment", "description", "notiz", "bemerkung",
                                    "备注"), limit=20_000)  # fmt: skip
_SOURCE = Field("source", Kind.CHOICE, ("source", "lead source", "origin", "quelle", "herkunft",
                                        "来源"), choices=_SOURCES)  # fmt: skip
_ID = ("id", "external id", "record id", "编号")
_PERSON = {field.name: field for field in CUSTOMERS.fields}

LEADS = Target(
    name="leads",
    fields=(
        Field("external_id", Kind.CODE, ("lead id", "lead number", *_ID), limit=128),
        _PERSON["name"],
        _PERSON["first_name"],
        _PERSON["last_name"],
        _PERSON["email"],
        _PERSON["phone"],
        Field("company", Kind.LINE,
              ("company", "company name", "organisation", "organization", "account", "firma",
               "unternehmen", "公司", "公司名称")),
        _SOURCE,
        Field("status", Kind.CHOICE, ("status", "lead status", "stage", "状态"), choices=_STATUS),
        _NOTES,
        CREATED_AT,
    ),
    required=(("external_id", "email", "phone"),),
    for_new=(("name", "first_name", "last_name"),),
    keys=("external_id", "email"),
)  # fmt: skip

ACCOUNTS = Target(
    name="accounts",
    fields=(
        Field("external_id", Kind.CODE,
              ("account id", "account number", "company id", "debitorennummer", *_ID), limit=128),
        Field("name", Kind.LINE,
              ("name", "account name", "company", "company name", "organization", "firma",
               "firmenname", "unternehmen", "公司", "公司名称")),
        Field("website", Kind.CODE,
              ("website", "url", "web", "homepage", "domain", "webseite", "网站")),
        Field("industry", Kind.LINE, ("industry", "sector", "branche", "行业"), limit=64),
        Field("employees", Kind.INTEGER,
              ("employees", "number of employees", "headcount", "mitarbeiter",
               "mitarbeiterzahl", "员工人数"), most=10_000_000),
        _PERSON["country"],
        _NOTES,
        CREATED_AT,
    ),
    required=(("external_id", "name"),),
    for_new=(("name",),),
    keys=("external_id", "name"),
)  # fmt: skip

OPPORTUNITIES = Target(
    name="opportunities",
    fields=(
        Field("external_id", Kind.CODE,
              ("opportunity id", "deal id", "deal number", *_ID), limit=128),
        Field("name", Kind.LINE,
              ("name", "deal", "deal name", "opportunity", "opportunity name", "title", "projekt",
               "商机名称")),
        *WHOSE,
        Field("account_external_id", Kind.CODE, ("account id", "company id"), limit=128),
        Field("account", Kind.LINE,
              ("account", "account name", "company", "company name", "firma", "公司名称")),
        Field("stage", Kind.LINE, ("stage", "deal stage", "status", "phase", "阶段")),
        Field("amount", Kind.MONEY,
              ("amount", "value", "deal value", "deal amount", "revenue", "betrag", "wert",
               "金额"), most=10**15),
        Field("currency", Kind.CURRENCY, ("currency", "währung", "币种"), limit=3),
        Field("expected_close", Kind.MOMENT,
              ("close date", "expected close", "closing date", "expected close date",
               "abschlussdatum", "预计成交日期"), future=True),
        Field("closed_at", Kind.MOMENT, ("closed at", "closed on", "won on", "abgeschlossen am")),
        Field("lost_reason", Kind.CHOICE,
              ("lost reason", "loss reason", "verlustgrund", "丢单原因"),
              choices=choices_of(LostReason)),
        Field("next_step", Kind.LINE, ("next step", "next steps", "nächster schritt"), limit=300),
        _SOURCE,
        _NOTES,
        CREATED_AT,
    ),
    required=(("external_id",),),
    for_new=(("name",), ("stage",)),
    keys=("external_id",),
)  # fmt: skip
