"""Hard evidence that two records are one person: what a score alone can never be.

Anybody can write somebody else's address into a chat or a form. So records are never merged without
a person unless a channel vouches, on both sides, that the customer reads mail at the same address
or answers at the same number, and the names agree. A family shares a telephone, and a son may have
his father's name: a number counts only where the e-mail addresses do not speak against it.
"""

from collections.abc import Mapping
from typing import Any

from crm_store.linkage.records import in_common

VERIFIED_EMAIL = "verified_email"
VERIFIED_PHONE = "verified_phone"

_GIVEN_AGREES = {"same", "swapped", "nearly_same", "short_form", "initial"}
_FAMILY_AGREES = {"same", "swapped", "nearly_same"}


def hard_evidence(levels: Mapping[str, str], row: Mapping[str, Any]) -> list[str]:
    """What proves that the two are one person; empty where nothing does.

    Args:
        levels: the level of each comparison.
        row: ``vouched_emails``, ``vouched_phones`` and ``generation`` of both, with ``_l``, ``_r``.
    """
    if levels["given"] not in _GIVEN_AGREES or levels["family"] not in _FAMILY_AGREES:
        return []
    if (row["generation_l"] or None) != (row["generation_r"] or None):
        return []
    found = []
    if in_common(row["vouched_emails_l"], row["vouched_emails_r"]):
        found.append(VERIFIED_EMAIL)
    same_phone = in_common(row["vouched_phones_l"], row["vouched_phones_r"])
    if same_phone and (found or levels["email"] != "different"):
        found.append(VERIFIED_PHONE)
    return found
