"""E-mail addresses, judged by ``email-validator`` without asking the DNS."""

import re

from email_validator import EmailNotValidError, validate_email

from crm_store.customers.contacts import normalise_email
from crm_store.importing.cleaning.rules import BadValue, Tally, rule

# Addresses that the validator takes and returns as they are: a strict part of what it accepts,
# at a hundredth of its time. A property test compares the two.
is_ordinary_email = re.compile(
    r"(?=.{6,200}\Z)(?=[^@]{1,64}@)[a-z0-9]+(?:[._+-][a-z0-9]+){0,8}@"
    r"(?:[a-z0-9][a-z0-9]{0,30}(?:-[a-z0-9]{1,20}){0,2}\.){1,3}"
    r"(?:com|net|org|info|biz|de|at|ch|fr|it|es|nl|be|uk|ie|pl|cz|dk|se|no|fi|pt|us|ca|au|jp|cn|eu|io)"
).fullmatch
_WRAPPED = re.compile(r"^(?:mailto:)?\s*<?([^<>\s]+)>?$|^[^<>]*<([^<>\s]+)>$", re.IGNORECASE)


@rule("email_unwrapped")
def unwrap(text: str) -> str:
    """Take the address out of ``mailto:…``, ``<…>`` and ``Name <…>``."""
    match = _WRAPPED.match(text)
    return (match.group(1) or match.group(2)) if match else text


@rule("email_case")
def lower_case(address: str) -> str:
    """Write addresses in small letters, domains too."""
    return address.lower()


def clean_email(text: str, tally: Tally) -> str:
    """The address as it is stored.

    Raises:
        BadValue: not an address that could receive mail.
    """
    if is_ordinary_email(text):
        return text
    address = unwrap(text)
    if address != text:
        tally["email_unwrapped"] += 1
    try:
        valid = validate_email(address, check_deliverability=False).normalized
    except EmailNotValidError:
        raise BadValue("not an e-mail address") from None
    stored = normalise_email(valid)
    if stored is None:
        raise BadValue("not an e-mail address")
    if stored != address:
        tally["email_case"] += 1
    return stored
