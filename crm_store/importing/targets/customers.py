"""Customers, and how other rows name one."""

from crm_store.importing.fields import Field, Kind, Target

CREATED_AT = Field(
    "created_at",
    Kind.MOMENT,
    ("created", "created at", "created on", "signup date", "sign up date", "registered",
     "registered at", "registration date", "customer since", "member since", "joined", "date added",
     "erstellt", "erstellt am", "angelegt am", "registriert am", "kunde seit", "anlagedatum",
     "创建时间", "创建日期", "注册时间", "注册日期"),
)  # fmt: skip

_EXTERNAL_ID = (
    "id", "customer id", "customer number", "customer no", "customer", "cust id", "client id",
    "user id", "account id", "external id", "contact id", "record id", "kundennummer", "kunden nr",
    "kundennr", "kunden id", "kdnr", "debitor", "客户编号", "客户id", "会员编号", "用户编号",
    "用户id",
)  # fmt: skip
_EMAIL = (
    "email", "e mail", "mail", "email address", "e mail address", "email id", "email 1",
    "customer email", "contact email", "e mail adresse", "email adresse", "mailadresse",
    "邮箱", "电子邮件", "电子邮箱", "邮件",
)  # fmt: skip
_PHONE = (
    "phone", "phone number", "telephone", "tel", "mobile", "mobile phone", "cell", "cell phone",
    "contact number", "phone 1", "customer phone", "telefon", "telefonnummer", "telefonnr", "handy",
    "handynummer", "mobil", "mobilnummer", "rufnummer", "电话", "手机", "手机号", "手机号码",
    "联系电话",
)  # fmt: skip
ADDRESS = (
    Field("street", Kind.LINE,
          ("street", "address", "street address", "address 1", "address line 1", "address1",
           "shipping address", "strasse", "straße", "straße und hausnummer", "adresse", "anschrift",
           "str", "地址", "街道", "详细地址")),
    Field("postal_code", Kind.CODE,
          ("postal code", "postcode", "post code", "zip", "zip code", "plz", "postleitzahl",
           "邮编", "邮政编码"), limit=20),
    Field("city", Kind.LINE,
          ("city", "town", "place", "stadt", "ort", "wohnort", "城市", "市"), limit=100),
    Field("country", Kind.COUNTRY,
          ("country", "country code", "nation", "land", "länderkennzeichen", "国家", "国家/地区"),
          limit=2),
)  # fmt: skip

CUSTOMERS = Target(
    name="customers",
    fields=(
        Field("external_id", Kind.CODE, _EXTERNAL_ID, limit=128),
        Field("name", Kind.NAME,
              ("name", "full name", "customer name", "contact name", "display name", "client",
               "vollständiger name", "kundenname", "kunde", "ansprechpartner",
               "姓名", "名字", "客户姓名", "客户名称", "联系人")),
        Field("first_name", Kind.NAME,
              ("first name", "firstname", "given name", "forename", "vorname", "名"), limit=100),
        Field("last_name", Kind.NAME,
              ("last name", "lastname", "surname", "family name", "nachname", "familienname", "姓"),
              limit=100),
        Field("email", Kind.EMAIL, _EMAIL, limit=254),
        Field("phone", Kind.PHONE, _PHONE, limit=32),
        *ADDRESS,
        Field("locale", Kind.LOCALE,
              ("locale", "language", "lang", "preferred language", "sprache", "语言"), limit=16),
        Field("newsletter", Kind.BOOLEAN,
              ("newsletter", "subscribed", "accepts marketing", "email opt in", "opt in",
               "marketing", "newsletter abonniert", "订阅", "订阅邮件")),
        CREATED_AT,
    ),
    required=(("external_id", "email", "phone"),),
    for_new=(("name", "first_name", "last_name"),),
    keys=("external_id", "email", "phone"),
)  # fmt: skip

WHOSE = (
    Field("customer_external_id", Kind.CODE, _EXTERNAL_ID, limit=128),
    Field("customer_email", Kind.EMAIL, _EMAIL, limit=254),
    Field("customer_phone", Kind.PHONE, _PHONE, limit=32),
)
"""How a row of another kind says which customer it belongs to."""

WHOSE_NAMES = tuple(field.name for field in WHOSE)
