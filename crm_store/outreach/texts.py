"""What is said first, by locale."""

from collections.abc import Mapping
from typing import Any

from pydantic import TypeAdapter, ValidationError

from crm_store.sites.form_fields import Texts
from crm_store.texts import storable
from foundation.errors import Invalid

_TEXTS = TypeAdapter(Texts)
_WRONG = "texts: 1 to 500 characters for each locale, like en or zh-CN"


def checked_texts(texts: Mapping[str, Any]) -> dict[str, str]:
    """The texts without outer space.

    Raises:
        Invalid: there is none, or a text or a locale is not acceptable.
    """
    try:
        checked = _TEXTS.validate_python({key: storable(str(v)) for key, v in texts.items()})
    except ValidationError:
        raise Invalid(_WRONG) from None
    if not all(text.strip() for text in checked.values()):
        raise Invalid(_WRONG)
    return {locale: text.strip() for locale, text in checked.items()}
