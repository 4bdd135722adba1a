"""Fields that a visitor fills in: what they look like, and whether an answer fits them."""

import re
from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import Annotated, Any, Self

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator

from crm_store.customers.contacts import normalise_email, normalise_phone
from crm_store.texts import storable
from foundation.errors import InvalidFields

MAX_FIELDS = 12
MAX_OPTIONS = 40
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")
_LIMITS = {"email": 254, "phone": 32}

Locale = Annotated[
    str, StringConstraints(pattern=r"^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8}){0,3}$", max_length=35)
]
Texts = Annotated[
    dict[Locale, Annotated[str, StringConstraints(min_length=1, max_length=500)]],
    Field(min_length=1, max_length=20),
]
"""The same words by locale."""
Name = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,39}$")]
Answers = dict[str, str | bool]


class Strict(BaseModel):
    """What is not known is refused, so that a slip of the pen is not silently ignored."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class FieldKind(StrEnum):
    TEXT = "text"
    EMAIL = "email"
    PHONE = "phone"
    SELECT = "select"
    TEXTAREA = "textarea"
    CHECKBOX = "checkbox"


class Option(Strict):
    """One choice of a ``select``."""

    value: Annotated[str, StringConstraints(pattern=r"^[!-~]([ -~]{0,58}[!-~])?$")]
    label: Texts


class FormField(Strict):
    """One thing that is asked; ``max_length`` is in characters."""

    name: Name
    kind: FieldKind
    label: Texts
    required: bool = False
    options: list[Option] = Field(default_factory=list, max_length=MAX_OPTIONS)
    max_length: int = Field(200, ge=1, le=2_000)

    @model_validator(mode="after")
    def _options_belong_to_select(self) -> Self:
        if (self.kind is FieldKind.SELECT) != bool(self.options):
            raise ValueError("options: a select has some, and nothing else has")
        if len({option.value for option in self.options}) < len(self.options):
            raise ValueError("options: a value is there twice")
        return self

    def read(self, value: Any) -> str | bool | None:
        """The answer as it is kept; None when there is none.

        Raises:
            ValueError: it does not fit; the text says why, in words for the visitor.
        """
        if self.kind is FieldKind.CHECKBOX:
            return self._checked(value)
        if value is not None and not isinstance(value, str):
            raise ValueError("must be a text")
        text = _CONTROL.sub("", storable(value or "")).strip()
        if self.kind is not FieldKind.TEXTAREA:
            text = " ".join(text.split())
        if not text:
            if self.required:
                raise ValueError("must be filled in")
            return None
        limit = min(self.max_length, _LIMITS.get(self.kind, self.max_length))
        if len(text) > limit:
            raise ValueError(f"must have at most {limit} characters")
        return self._fitting(text)

    def _checked(self, value: Any) -> bool:
        if value is not None and not isinstance(value, bool):
            raise ValueError("must be true or false")
        if self.required and not value:
            raise ValueError("must be ticked")
        return bool(value)

    def _fitting(self, text: str) -> str:
        if self.kind is FieldKind.EMAIL:
            email = normalise_email(text)
            if email is None:
                raise ValueError("must be an e-mail address")
            return email
        if self.kind is FieldKind.PHONE and normalise_phone(text) is None:
            raise ValueError("must be a phone number with its country code, like +49 30 1234567")
        if self.kind is FieldKind.SELECT and text not in {one.value for one in self.options}:
            raise ValueError("must be one of the choices")
        return text


Fields = Annotated[list[FormField], Field(min_length=1, max_length=MAX_FIELDS)]


def names_once(fields: Sequence[FormField]) -> None:
    """See that no two fields have one name.

    Raises:
        ValueError: two have.
    """
    if len({field.name for field in fields}) < len(fields):
        raise ValueError("fields: a name is there twice")


def read_answers(
    fields: Sequence[FormField], values: Mapping[str, Any], *, within: str = ""
) -> Answers:
    """The answers to these fields, as they are kept; what was left blank is left out.

    Args:
        fields: what was asked.
        values: what was sent, by the fields' names.
        within: goes before the names in the error, like ``pre_chat.``.

    Raises:
        InvalidFields: answers that do not fit, each by its field.
    """
    wrong = {f"{within}{name}"[:120]: "was not asked" for name in values.keys() - _names(fields)}
    answers: Answers = {}
    for field in fields:
        try:
            answer = field.read(values.get(field.name))
        except ValueError as error:
            wrong[f"{within}{field.name}"] = str(error)
        else:
            if answer is not None:
                answers[field.name] = answer
    if wrong:
        raise InvalidFields(wrong)
    return answers


def in_words(fields: Sequence[FormField], answers: Answers, locale: str) -> str:
    """The answers as people read them, a line each: ``label: answer``."""
    lines = []
    for field in fields:
        answer = answers.get(field.name)
        if answer is None:
            continue
        if isinstance(answer, bool):
            answer = "✓" if answer else "–"
        labels = next((one.label for one in field.options if one.value == answer), None)
        said = pick(labels, locale) if labels else answer
        lines.append(f"{pick(field.label, locale).rstrip(' :?*')}: {said}")
    return "\n".join(lines)


def pick(texts: Mapping[str, str], locale: str, default: str = "en") -> str:
    """The words in the locale, else in its language, else in the default, else in any."""
    for wanted in (locale, default):
        language = wanted.split("-")[0].lower()
        same = [key for key in texts if key.lower() == wanted.lower()]
        kin = [key for key in texts if key.split("-")[0].lower() == language]
        for key in (*same, *kin):
            return texts[key]
    return next(iter(texts.values()))


def _names(fields: Sequence[FormField]) -> set[str]:
    return {field.name for field in fields}
