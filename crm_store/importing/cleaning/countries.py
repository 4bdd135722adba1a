"""Countries by code or by name."""

from crm_store.countries import country_codes
from crm_store.importing.cleaning.rules import BadValue, Tally, rule


@rule("country_code")
def clean_country(text: str, tally: Tally) -> str:
    """Write countries as their ISO code of two letters."""
    code = country_codes().get(text.casefold())
    if code is None:
        raise BadValue("not a country")
    if code != text:
        tally["country_code"] += 1
    return code
