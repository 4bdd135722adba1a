"""Settings of sites."""

from typing import Any

CONTACT_FIELDS: list[dict[str, Any]] = [
    {
        "name": "email",
        "kind": "email",
        "label": {"en": "E-mail", "zh-CN": "邮箱"},
        "required": True,
    },
    {
        "name": "topic",
        "kind": "select",
        "label": {"en": "What is it about?"},
        "options": [
            {"value": "order", "label": {"en": "An order", "zh-CN": "订单"}},
            {"value": "other", "label": {"en": "Something else"}},
        ],
    },
    {"name": "agree", "kind": "checkbox", "label": {"en": "I have read the terms"}},
    {"name": "note", "kind": "textarea", "label": {"en": "Anything else?"}, "max_length": 20},
]
PRE_CHAT: dict[str, Any] = {"intro": {"en": "Before we begin"}, "fields": CONTACT_FIELDS}
FORM: dict[str, Any] = {
    "id": "callback",
    "title": {"en": "Call me back", "zh-CN": "请回电"},
    "submit": {"en": "Send", "zh-CN": "发送"},
    "fields": [
        {
            "name": "phone",
            "kind": "phone",
            "label": {"en": "Your number:", "zh-CN": "电话"},
            "required": True,
        },
        {"name": "when", "kind": "text", "label": {"en": "When?"}},
    ],
}
GREETING: dict[str, Any] = {
    "id": "tents",
    "path": "/shop/c/tents*",
    "after_seconds": 5,
    "text": {"en": "Looking for a tent?", "zh-CN": "在找帐篷吗？"},
}
