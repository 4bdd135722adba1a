"""What the model makes of single pairs: the untrained one, as a small shop has it."""

from typing import Any

import pytest

from crm_store.linkage.engine import ScoredPair, Scorer
from crm_store.linkage.local import LocalBackend
from crm_store.linkage.records import LinkRecord, make_record
from foundation.ids import new_id

HANS = {
    "name": "Hans Müller",
    "email": "hans.mueller@example.com",
    "phone": "+49301112223",
    "street": "Hauptstraße 5",
    "postal_code": "10115",
    "city": "Berlin",
}


def record(**changed: Any) -> LinkRecord:
    return make_record(new_id(), **HANS | changed)


def scored(one: LinkRecord, other: LinkRecord, threshold: float = 1e-9) -> ScoredPair:
    backend = LocalBackend(threads=1)
    try:
        strangers = [
            make_record(
                new_id(),
                name=f"Person{index} Fremd{index}",
                email=f"p{index}@example.org",
                phone=f"+4940{2_000_000 + index}",
                street=f"Weg {index}",
                postal_code=f"2{index:04d}",
                city="Hamburg",
            )
            for index in range(200)
        ]
        people = backend.load([[one, other, *strangers]])
        (pair,) = Scorer(backend, people).pairs(threshold=threshold)
        return pair
    finally:
        backend.close()


def level(pair: ScoredPair, field: str) -> str:
    return next(one["level"] for one in pair.reasons["comparisons"] if one["field"] == field)


@pytest.mark.parametrize(
    ("changed", "field", "expected"),
    [
        ({"name": "Mueller, Hans"}, "given", "same"),
        ({"name": "Müller Hans"}, "given", "swapped"),
        ({"name": "Müller Hans"}, "family", "swapped"),
        ({"name": "Johannes Müller"}, "given", "short_form"),
        ({"name": "Hasn Müller"}, "given", "nearly_same"),
        ({"name": "H. Müller"}, "given", "initial"),
        ({"name": "Hans Müler"}, "family", "nearly_same"),
        ({"email": "hans.mueller@example.org"}, "email", "same_user"),
        ({"email": "hans.muelle@example.com"}, "email", "nearly_same"),
        ({"email": None}, "email", "missing"),
        ({"phone": "030 1112223"}, "phone", "same"),
        ({"phone": "+49301112224"}, "phone", "nearly_same"),
        ({"street": "Hauptstr. 5"}, "address", "same"),
        ({"street": "Hauptstrasse 51"}, "address", "nearly_same"),
        ({"street": "Am Bach 7"}, "address", "same_postcode"),
    ],
)
def test_a_change_is_seen_for_what_it_is(
    changed: dict[str, Any], field: str, expected: str
) -> None:
    pair = scored(record(), record(**changed))
    assert level(pair, field) == expected
    assert pair.score > 0.9


def test_the_reasons_add_up_to_the_score() -> None:
    pair = scored(record(), record(email="other@example.net", street="Hauptstr. 6"))
    bits = pair.reasons["prior"] + sum(
        one["bits"] + one["rarity_bits"] for one in pair.reasons["comparisons"]
    )
    assert 2**bits / (1 + 2**bits) == pytest.approx(pair.score, abs=1e-3)


def test_a_family_at_one_telephone_is_not_one_person() -> None:
    pair = scored(record(), record(name="Greta Müller", email="greta@example.com"))
    assert level(pair, "phone") == level(pair, "address") == "shared_at_home"
    assert pair.score < 0.5


def test_a_vouched_address_is_evidence_only_on_both_sides_and_with_one_name() -> None:
    vouched = {"vouched_emails": [HANS["email"]]}
    assert scored(record(**vouched), record(**vouched)).evidence == ["verified_email"]
    assert scored(record(**vouched), record()).evidence == []
    assert scored(record(**vouched), record(name="Uwe Müller", **vouched)).evidence == []
    junior = record(name="Hans Müller Jr.", **vouched)
    assert scored(record(name="Hans Müller Sr.", **vouched), junior).evidence == []


def test_a_vouched_telephone_yields_to_different_addresses() -> None:
    vouched = {"vouched_phones": [HANS["phone"]]}
    assert scored(record(**vouched), record(**vouched)).evidence == ["verified_phone"]
    son = record(email="junior@example.net", **vouched)
    assert scored(record(**vouched), son).evidence == []


def test_a_value_that_very_many_share_makes_no_pairs() -> None:
    backend = LocalBackend(threads=1)
    crowd = [make_record(new_id(), name=f"P{i} F{i}", email="info@example.com") for i in range(100)]
    people = backend.load([crowd])
    assert list(Scorer(backend, people).pairs(threshold=1e-9)) == []
    backend.close()
