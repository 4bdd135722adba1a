"""What the shop sells."""

from crm_store.importing.fields import Field, Kind, Target

_SYNONYMS = ("synonyms", "also called", "synonyme", "同义词")

CATEGORIES = Target(
    name="categories",
    fields=(
        Field("slug", Kind.CODE, ("slug", "code", "id", "handle", "kürzel", "编号"), limit=100),
        Field("name", Kind.LINE,
              ("name", "category", "category name", "title", "kategorie", "bezeichnung",
               "类别", "分类", "分类名称")),
        Field("synonyms", Kind.LIST, _SYNONYMS, limit=2_000),
    ),
    required=(("name",),),
    for_new=(),
    keys=("slug", "name"),
)  # fmt: skip

PRODUCTS = Target(
    name="products",
    fields=(
        Field("sku", Kind.CODE,
              ("sku", "product id", "product code", "item number", "article number", "item no",
               "id", "artikelnummer", "artikelnr", "art nr", "商品编号", "货号", "产品编号"),
              limit=64),
        Field("name", Kind.LINE,
              ("name", "title", "product", "product name", "item", "artikel", "bezeichnung",
               "artikelbezeichnung", "produktname", "商品名称", "产品名称", "名称")),
        Field("description", Kind.BODY,
              ("description", "body", "details", "long description", "beschreibung", "描述",
               "说明"),
              limit=20_000),
        Field("category", Kind.LINE,
              ("category", "product type", "type", "collection", "kategorie", "warengruppe",
               "类别", "分类")),
        Field("price", Kind.MONEY,
              ("price", "unit price", "list price", "retail price", "variant price", "preis",
               "vk preis", "verkaufspreis", "einzelpreis", "价格", "单价", "售价")),
        Field("currency", Kind.CURRENCY, ("currency", "währung", "币种", "货币"), limit=3),
        Field("stock", Kind.INTEGER,
              ("stock", "inventory", "quantity", "qty", "in stock", "inventory qty", "bestand",
               "lagerbestand", "库存", "库存数量")),
        Field("restock_days", Kind.INTEGER,
              ("restock days", "lead time", "lieferzeit tage", "补货天数"), most=3_650),
        Field("warranty_months", Kind.INTEGER,
              ("warranty", "warranty months", "garantie", "garantie monate", "保修期"), most=1_200),
        Field("active", Kind.BOOLEAN, ("active", "published", "enabled", "aktiv", "上架")),
    ),
    required=(("sku",),),
    for_new=(("name",), ("price",)),
    keys=("sku",),
)  # fmt: skip
