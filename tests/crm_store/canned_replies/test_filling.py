"""Placeholders: known names only, filled once."""

import pytest

from crm_store.canned_replies.filling import KNOWN, fill, require_known_names
from foundation.errors import Invalid


@pytest.mark.parametrize(
    ("text", "expected", "missing"),
    [
        ("Hello {{customer.first_name}}!", "Hello Zoë!", ()),
        ("Hello {{ customer.first_name | there }}!", "Hello Zoë!", ()),
        ("Hello {{agent.name|me}}!", "Hello me!", ()),
        ("Hello {{agent.name}}!", "Hello [agent.name]!", ("agent.name",)),
        ("{{customer.name}}", "{{agent.name}} {{x}}", ()),  # what a value holds stays text
        ("no { braces } here", "no { braces } here", ()),
    ],
)
def test_filling(text: str, expected: str, missing: tuple[str, ...]) -> None:
    values = {"customer.first_name": "Zoë", "customer.name": "{{agent.name}}\n {{x}}"}
    filled = fill(text, values)
    assert (filled.text, filled.missing) == (expected, missing)


@pytest.mark.parametrize("text", [f"{{{{{name}}}}}" for name in KNOWN] + ["plain", "{one}"])
def test_what_may_be_saved(text: str) -> None:
    require_known_names(text)


@pytest.mark.parametrize("text", ["{{customer.iban}}", "{{}}", "{{customer.name", "a }} b"])
def test_what_may_not(text: str) -> None:
    with pytest.raises(Invalid):
        require_known_names(text)
