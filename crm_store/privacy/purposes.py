"""What each purpose rests on while a customer has said nothing about it."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Engine
from sqlalchemy.orm import Session

from crm_store.models import Purpose
from foundation.errors import BadSettings
from foundation.settings import Settings

Defaults = Mapping[Purpose, bool]

# True: legitimate interest, the customer may object. False: only with consent (opt-in).
# docs/adr/0014-privacy.md gives the reason for each.
DEFAULTS: Defaults = {
    Purpose.MARKETING_EMAIL: False,
    Purpose.MARKETING_CHAT: False,
    Purpose.PROFILING: True,
    Purpose.RECOMMENDATIONS: True,
    Purpose.TRAINING: False,
}


def defaults_of(settings: Settings) -> Defaults:
    """The defaults, with those changed that the operator chose otherwise.

    Raises:
        BadSettings: a purpose that there is not, or one named in both settings.
    """
    opt_in = _purposes("KEFU_CONSENT_OPT_IN", settings.consent_opt_in)
    opt_out = _purposes("KEFU_CONSENT_OPT_OUT", settings.consent_opt_out)
    if opt_in & opt_out:
        raise BadSettings(f"KEFU_CONSENT_OPT_OUT: {min(opt_in & opt_out)} is in both settings")
    return {**DEFAULTS, **dict.fromkeys(opt_in, False), **dict.fromkeys(opt_out, True)}


def put_defaults_on(engine: Engine, defaults: Defaults) -> None:
    """Let every session of this engine's database answer by these."""
    dialect: Any = engine.dialect
    dialect.kefu_consent_defaults = defaults


def defaults_in_force(session: Session) -> Defaults:
    """The defaults of the database that the session belongs to."""
    return getattr(session.get_bind().dialect, "kefu_consent_defaults", DEFAULTS)


def _purposes(setting: str, names: str) -> set[Purpose]:
    found = set()
    for name in filter(None, map(str.strip, names.split(","))):
        if name not in set(Purpose):
            raise BadSettings(f"{setting}: {name[:40]} is none of {', '.join(Purpose)}")
        found.add(Purpose(name))
    return found
