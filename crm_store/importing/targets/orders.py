"""Orders and their lines; a file may hold an order a row, or a line a row with its order beside."""

from crm_store.importing.fields import Field, Kind, Target, choices_of
from crm_store.importing.targets.customers import ADDRESS, WHOSE, WHOSE_NAMES
from crm_store.models import OrderStatus

_STATUS = choices_of(
    OrderStatus,
    {
        "open": "pending", "unpaid": "pending", "new": "pending", "offen": "pending",
        "待付款": "pending", "bezahlt": "paid", "processing": "paid", "已付款": "paid",
        "verpackt": "packed", "versendet": "shipped", "versandt": "shipped", "sent": "shipped",
        "fulfilled": "shipped", "已发货": "shipped", "completed": "delivered",
        "complete": "delivered",
        "zugestellt": "delivered", "geliefert": "delivered", "abgeschlossen": "delivered",
        "已完成": "delivered", "已签收": "delivered", "canceled": "cancelled",
        "storniert": "cancelled", "void": "cancelled", "voided": "cancelled", "已取消": "cancelled",
    },
)  # fmt: skip
_NUMBER = Field(
    "number", Kind.CODE,
    ("order number", "order no", "order id", "order", "number", "purchase id", "invoice",
     "bestellnummer", "bestellnr", "bestellung", "auftragsnummer", "auftrag", "order reference",
     "订单号", "订单编号"), limit=32,
)  # fmt: skip
_LINE = (
    Field("sku", Kind.CODE,
          ("sku", "product id", "product code", "item number", "stock code", "stockcode",
           "lineitem sku", "artikelnummer", "artikelnr", "商品编号", "货号"), limit=64),
    Field("line_name", Kind.LINE,
          ("product", "product name", "item", "item name", "lineitem name", "artikel",
           "商品名称", "产品名称")),
    Field("quantity", Kind.INTEGER,
          ("quantity", "qty", "units", "lineitem quantity", "menge", "anzahl", "stück", "数量"),
          least=1, most=1_000_000),
    Field("unit_price", Kind.MONEY,
          ("unit price", "price", "item price", "lineitem price", "einzelpreis", "preis",
           "stückpreis",
           "单价", "价格")),
    Field("position", Kind.INTEGER,
          ("position", "line", "line number", "pos", "行号"), least=1, most=100_000),
)  # fmt: skip
# A "delivery date" is often the promised one: it is no name of `delivered_at`.
_PARCEL = (
    Field("shipped_at", Kind.MOMENT,
          ("shipped at", "shipped on", "shipped", "ship date", "date shipped", "shipping date",
           "dispatched at", "dispatch date", "fulfilled at", "versanddatum", "versendet am",
           "versandt am", "verschickt am", "发货时间", "发货日期")),
    Field("delivered_at", Kind.MOMENT,
          ("delivered at", "delivered on", "delivered", "date delivered", "zugestellt am",
           "geliefert am", "zustelldatum", "签收时间", "签收日期", "送达时间")),
    Field("tracking_number", Kind.CODE,
          ("tracking number", "tracking no", "tracking", "tracking id", "tracking code",
           "parcel number", "shipment number", "sendungsnummer", "sendungsnr", "paketnummer",
           "trackingnummer", "运单号", "快递单号", "物流单号"), limit=64),
    Field("carrier", Kind.LINE,
          ("carrier", "shipping carrier", "shipping company", "courier", "tracking company",
           "versanddienstleister", "paketdienst", "zusteller", "承运商", "快递公司", "物流公司"),
          limit=64),
)  # fmt: skip

ORDERS = Target(
    name="orders",
    fields=(
        _NUMBER,
        *WHOSE,
        Field("placed_at", Kind.MOMENT,
              ("order date", "date", "ordered at", "placed at", "purchase date", "created at",
               "created", "invoice date", "bestelldatum", "datum", "bestellt am", "auftragsdatum",
               "下单时间", "订单日期", "下单日期")),
        Field("status", Kind.CHOICE,
              ("status", "order status", "state", "financial status", "bestellstatus", "订单状态",
               "状态"), choices=_STATUS),
        Field("currency", Kind.CURRENCY, ("currency", "währung", "币种", "货币"), limit=3),
        Field("total", Kind.MONEY,
              ("total", "amount", "order total", "grand total", "total amount", "total price",
               "revenue", "gesamt", "gesamtbetrag", "summe", "betrag", "endbetrag",
               "总额", "总金额", "订单金额", "金额")),
        Field("shipping", Kind.MONEY,
              ("shipping", "shipping cost", "shipping costs", "delivery fee", "freight",
               "versand", "versandkosten", "运费")),
        Field("shipping_method", Kind.CODE,
              ("shipping method", "delivery method", "versandart", "配送方式"), limit=32),
        Field("ship_to", Kind.NAME,
              ("ship to", "shipping name", "recipient", "empfänger", "lieferung an", "收货人")),
        *ADDRESS,
        Field("cancelled_at", Kind.MOMENT,
              ("cancelled at", "canceled at", "storniert am", "取消时间")),
        Field("cancel_reason", Kind.LINE,
              ("cancel reason", "cancellation reason", "stornogrund", "取消原因")),
        *_PARCEL,
        *_LINE,
    ),
    required=(("number",),),
    for_new=(WHOSE_NAMES, ("placed_at",)),
    keys=("number",),
)  # fmt: skip

ORDER_LINES = Target(
    name="order_lines",
    fields=(_NUMBER, *_LINE),
    required=(("number",), ("sku",)),
    for_new=(("quantity",),),
    keys=("number", "position", "sku"),
)
