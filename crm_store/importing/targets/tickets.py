"""Tickets of another help desk."""

from crm_store.importing.fields import Field, Kind, Target, choices_of
from crm_store.importing.targets.customers import CREATED_AT, WHOSE
from crm_store.models import TicketPriority, TicketStatus

_STATUS = choices_of(
    TicketStatus,
    {
        "new": "open", "offen": "open", "neu": "open", "in progress": "open", "处理中": "open",
        "in bearbeitung": "open", "on hold": "pending", "hold": "pending", "waiting": "pending",
        "wartend": "pending", "等待中": "pending", "resolved": "solved", "gelöst": "solved",
        "erledigt": "solved", "done": "solved", "已解决": "solved", "geschlossen": "closed",
        "已关闭": "closed",
    },
)  # fmt: skip
_PRIORITY = choices_of(
    TicketPriority,
    {
        "niedrig": "low", "gering": "low", "低": "low", "medium": "normal", "mittel": "normal",
        "standard": "normal", "normal": "normal", "中": "normal", "hoch": "high", "高": "high",
        "critical": "urgent", "dringend": "urgent", "kritisch": "urgent", "紧急": "urgent",
    },
)  # fmt: skip

TICKETS = Target(
    name="tickets",
    fields=(
        Field("external_id", Kind.CODE,
              ("id", "ticket id", "ticket number", "ticket", "case number", "case id", "number",
               "ticketnummer", "vorgangsnummer", "工单号", "工单编号"), limit=100),
        *WHOSE,
        Field("order_number", Kind.CODE,
              ("order number", "order id", "order", "bestellnummer", "订单号"), limit=32),
        Field("subject", Kind.LINE,
              ("subject", "title", "summary", "betreff", "titel", "主题", "标题")),
        Field("body", Kind.BODY,
              ("description", "body", "message", "text", "beschreibung", "nachricht", "描述",
               "内容"), limit=20_000),
        Field("topic", Kind.LINE,
              ("topic", "category", "type", "kategorie", "thema", "类别", "类型"), limit=64),
        Field("status", Kind.CHOICE, ("status", "state", "状态"), choices=_STATUS),
        Field("priority", Kind.CHOICE, ("priority", "priorität", "优先级"), choices=_PRIORITY),
        CREATED_AT,
    ),
    required=(("external_id",),),
    for_new=(("subject",),),
    keys=("external_id",),
)  # fmt: skip
