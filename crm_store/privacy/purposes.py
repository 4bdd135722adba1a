"""What each purpose rests on while a customer has said nothing about it."""

from collections.abc import Mapping

from crm_store.models import Purpose

Defaults = Mapping[Purpose, bool]

# True: legitimate interest, the customer may object. False: only with consent (opt-in).
# docs/adr/0014-privacy.md gives the reason for each; settings may make any of them stricter or not.
DEFAULTS: Defaults = {
    Purpose.MARKETING_EMAIL: False,
    Purpose.MARKETING_CHAT: False,
    Purpose.PROFILING: True,
    Purpose.RECOMMENDATIONS: True,
    Purpose.TRAINING: False,
}


def defaults_of(opt_in: str, opt_out: str) -> Defaults:
    """The defaults with those changed that the settings name, comma-separated.

    Raises:
        ValueError: a purpose that there is not, or one named in both.
    """
    strict, lax = _purposes(opt_in), _purposes(opt_out)
    if strict & lax:
        raise ValueError(f"{min(strict & lax)} is named twice")
    return DEFAULTS | dict.fromkeys(strict, False) | dict.fromkeys(lax, True)


def _purposes(names: str) -> set[Purpose]:
    return {Purpose(name.strip()) for name in names.split(",") if name.strip()}
