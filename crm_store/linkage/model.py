"""What is compared and how: the model of Fellegi and Sunter, as Splink estimates it.

Each comparison has levels. A level has an m (how often two records of one person are at it) and a
u (how often records of two people are), and adds log2(m / u) bits to a pair's weight. The values
here are where training starts, and what is used where a shop is too small to learn from.
"""

from typing import Any

import splink.comparison_level_library as cll
import splink.comparison_library as cl
from splink import SettingsCreator
from splink.blocking_rule_library import CustomRule

from crm_store.linkage.blocks import BLOCKS

MISSING = "missing"
SWAPPED = "swapped"
NOT_COUNTED = "shared_at_home"
COMPARED = ("given", "family", "email", "phone", "address")


def link_settings(people: int) -> SettingsCreator:
    """The model before it has learned anything.

    Args:
        people: how many records there are; the more, the less likely are any two one person.
    """
    return SettingsCreator(
        link_type="dedupe_only",
        unique_id_column_name="id",
        probability_two_random_records_match=min(0.1, 0.2 / max(people, 2)),
        comparisons=[
            _name("given", other="family"),
            _name("family", other="given"),
            _email(),
            _phone(),
            _address(),
        ],
        blocking_rules_to_generate_predictions=[
            CustomRule(f"l.{block} = r.{block} and (l.is_new or r.is_new)") for block in BLOCKS
        ],
        retain_matching_columns=True,  # Splink gives the levels with them only
        retain_intermediate_calculation_columns=True,
        additional_columns_to_retain=["vouched_emails", "vouched_phones", "generation"],
    )


def _name(column: str, *, other: str) -> cl.CustomComparison:
    swapped = cll.CustomLevel(f"{column}_l = {other}_r and {other}_l = {column}_r")
    levels = [
        cll.NullLevel(column),
        _at("same", cll.ExactMatchLevel(column, term_frequency_adjustments=True), 0.72, 0.012),
        _at("nearly_same", cll.JaroWinklerLevel(column, 0.92), 0.09, 0.006),
        _at("similar", cll.JaroWinklerLevel(column, 0.84), 0.04, 0.02),
    ]
    if column == "family":
        # That the names are swapped is one fact, not two: the given name has counted it.
        nothing = cll.Or(cll.NullLevel(column), swapped)
        levels[0] = nothing.configure(is_null_level=True, label_for_charts=MISSING)
    if column == "given":
        levels.insert(2, _at(SWAPPED, swapped, 0.03, 1e-5))
        short = cll.CustomLevel("given_root_l = given_root_r")
        initial = cll.CustomLevel(
            "(length(given_l) = 1 or length(given_r) = 1)"
            " and substr(given_l, 1, 1) = substr(given_r, 1, 1)"
        )
        levels[3:3] = [_at("short_form", short, 0.03, 0.001)]
        levels.append(_at("initial", initial, 0.03, 0.003))
    levels.append(_at("different", cll.ElseLevel(), 0.06, 0.95))
    return cl.CustomComparison(levels, output_column_name=column)


def _email() -> cl.CustomComparison:
    # Mind the digits: anna.meier12 and anna.meier13 are two people more often than a slip.
    slip = cll.And(
        cll.DamerauLevenshteinLevel("email", 2),
        cll.CustomLevel("email_digits_l = email_digits_r"),
    )
    return cl.CustomComparison(
        [
            cll.NullLevel("email"),
            _at("same", cll.ExactMatchLevel("email", term_frequency_adjustments=True), 0.6, 2e-5),
            _at("same_user", cll.ExactMatchLevel("email_user"), 0.08, 1e-4),
            _at("nearly_same", slip, 0.06, 1e-4),
            _at("different", cll.ElseLevel(), 0.26, 0.9998),
        ],
        output_column_name="email",
    )


def _says_nothing(*columns: str) -> Any:
    """Missing; or shared by two first names that have nothing in common, as in a family.

    The model takes comparisons for independent. In a household they are not: one telephone, one
    home and one family name are one fact, and would outweigh any first name three times over.
    """
    jaro_winkler = cll.JaroWinklerLevel("given", 0.84)
    strangers = cll.And(
        cll.CustomLevel(
            "given_l is not null and given_r is not null and given_root_l <> given_root_r"
            " and not (length(given_l) = 1 or length(given_r) = 1)"
            " and name_key_l <> name_key_r"
        ),
        cll.Not(jaro_winkler),
    )
    missing = [cll.NullLevel(column) for column in columns]
    return cll.Or(*missing, strangers).configure(is_null_level=True, label_for_charts=MISSING)


def _phone() -> cl.CustomComparison:
    return cl.CustomComparison(
        [
            _says_nothing("phone"),
            _at("same", cll.ExactMatchLevel("phone", term_frequency_adjustments=True), 0.7, 5e-5),
            _at("nearly_same", cll.DamerauLevenshteinLevel("phone", 1), 0.05, 1e-4),
            _at("different", cll.ElseLevel(), 0.25, 0.9998),
        ],
        output_column_name="phone",
    )


def _address() -> cl.CustomComparison:
    same_code = cll.CustomLevel("postal_code_l = postal_code_r")
    return cl.CustomComparison(
        [
            _says_nothing("street", "postal_code"),
            _at("same", cll.And(same_code, cll.CustomLevel("street_l = street_r")), 0.6, 1e-4),
            _at(
                "nearly_same", cll.And(same_code, cll.JaroWinklerLevel("street", 0.88)), 0.08, 2e-4
            ),
            _at("same_postcode", same_code, 0.05, 2e-3),
            _at("same_town", cll.CustomLevel("city_l = city_r"), 0.06, 0.04),
            _at("different", cll.ElseLevel(), 0.21, 0.957),
        ],
        output_column_name="address",
    )


def _at(name: str, level: Any, m: float, u: float) -> Any:
    return level.configure(label_for_charts=name, m_probability=m, u_probability=u)
