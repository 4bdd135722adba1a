"""Phone numbers, judged by ``phonenumbers``."""

import phonenumbers
from phonenumbers import NumberParseException, PhoneNumberFormat

from crm_store.importing.cleaning.phone_shapes import ordinary_phone
from crm_store.importing.cleaning.rules import BadValue, Tally, rule

_SHORT = 6
_LONG = 40


@rule("phone_format")
def international(text: str, region: str | None) -> str:
    """Write phone numbers as a plus, country code and number (E.164)."""
    try:
        number = phonenumbers.parse(text, region)
    except NumberParseException as error:
        if error.error_type == NumberParseException.INVALID_COUNTRY_CODE and region is None:
            raise BadValue(
                "a phone number without its country: map the country or name a default region"
            ) from None
        raise BadValue("not a phone number") from None
    if not phonenumbers.is_valid_number(number):
        raise BadValue("not a phone number of its country")
    return phonenumbers.format_number(number, PhoneNumberFormat.E164)


def clean_phone(text: str, region: str | None, tally: Tally) -> str:
    """The number as it is stored.

    Args:
        text: as written.
        region: the country whose numbers may stand without their country code.
        tally: counts the rule.

    Raises:
        BadValue: no number that could be called.
    """
    if not _SHORT <= len(text) <= _LONG:
        raise BadValue("not a phone number")
    number = ordinary_phone(text, region) or international(text, region)
    if number != text:
        tally["phone_format"] += 1
    return number
