"""How the widget looks, speaks and asks on one site: what an admin may choose, checked strictly."""

import re
from collections.abc import Mapping
from typing import Annotated, Any, Literal, Self

from pydantic import Field, StringConstraints, ValidationError, model_validator

from crm_store.sites.form_fields import Fields, Locale, Name, Strict, Texts, names_once
from foundation.errors import InvalidFields

MAX_TEXTS = 100
_INPUT_FREE = {"include_input": False, "include_url": False, "include_context": False}

Word = Annotated[str, StringConstraints(min_length=1, max_length=300)]
TextKey = Annotated[str, StringConstraints(pattern=r"^[A-Za-z][A-Za-z0-9_.-]{0,59}$")]
WordsByLocale = Annotated[
    dict[Locale, Annotated[dict[TextKey, Word], Field(max_length=MAX_TEXTS)]], Field(max_length=20)
]
"""The widget's own words that are said otherwise, by locale and by their keys."""
PathGlob = Annotated[str, StringConstraints(pattern=r"^[/*][!-~]{0,199}$")]


class Locales(Strict):
    """The language that the widget starts in, and those that a visitor may choose."""

    default: Locale = "en"
    offered: list[Locale] = Field(default_factory=lambda: ["en"], min_length=1, max_length=20)

    @model_validator(mode="after")
    def _default_is_offered(self) -> Self:
        if self.default not in self.offered:
            raise ValueError("offered: the default is not among them")
        if len({locale.lower() for locale in self.offered}) < len(self.offered):
            raise ValueError("offered: a language is there twice")
        return self


class Appearance(Strict):
    """What it looks like; None leaves the choice to the page or to Kefu."""

    title: Annotated[str, StringConstraints(min_length=1, max_length=60)] | None = None
    accent: Annotated[str, StringConstraints(pattern=r"^#[0-9a-fA-F]{6}$")] | None = None
    theme: Literal["auto", "light", "dark"] = "auto"
    side: Literal["right", "left"] = "right"


class PreChat(Strict):
    """What is asked before a guest's chat begins."""

    intro: Texts
    fields: Fields

    @model_validator(mode="after")
    def _named_once(self) -> Self:
        names_once(self.fields)
        return self


class ChatForm(Strict):
    """A form that staff, or the assistant, may send into a chat."""

    id: Name
    title: Texts
    submit: Texts
    fields: Fields

    @model_validator(mode="after")
    def _named_once(self) -> Self:
        names_once(self.fields)
        return self


class Greeting(Strict):
    """What the widget says of its own accord on pages that match.

    Attributes:
        id: comes with the first answer.
        path: a page's path; ``*`` stands for anything.
        after_seconds: how long the visitor has been on the page.
        text: what is said.
    """

    id: Name
    path: PathGlob = "*"
    after_seconds: int = Field(20, ge=0, le=3_600)
    text: Texts


class SiteSettings(Strict):
    """Everything but the site's name, secret and calendar."""

    locales: Locales = Locales()
    appearance: Appearance = Appearance()
    texts: WordsByLocale = Field(default_factory=dict)
    pre_chat: PreChat | None = None
    offline_form: bool = True
    greetings: list[Greeting] = Field(default_factory=list, max_length=20)
    forms: list[ChatForm] = Field(default_factory=list, max_length=20)
    sound: bool = True
    close_after_hours: int | None = Field(72, ge=1, le=8_760)
    """How long a chat may be quiet before the system closes it; None: for ever."""

    @model_validator(mode="after")
    def _ids_once(self) -> Self:
        named: list[tuple[str, list[Any]]] = [("greetings", self.greetings), ("forms", self.forms)]
        for list_name, entries in named:
            if len({entry.id for entry in entries}) < len(entries):
                raise ValueError(f"{list_name}: an id is there twice")
        return self

    @classmethod
    def read(cls, values: Mapping[str, Any]) -> Self:
        """The settings in a document.

        Raises:
            InvalidFields: what is wrong, by its path.
        """
        try:
            return cls.model_validate(values)
        except ValidationError as error:
            raise InvalidFields(_reasons(error)) from None

    def stored(self) -> dict[str, Any]:
        """The document that is kept."""
        return self.model_dump(mode="json")

    def form(self, form_id: str) -> ChatForm | None:
        """The form with this id."""
        return next((form for form in self.forms if form.id == form_id), None)

    def greeting(self, greeting_id: str) -> Greeting | None:
        """The greeting with this id."""
        return next((one for one in self.greetings if one.id == greeting_id), None)

    def offered(self, locale: str | None) -> str:
        """The offered language that is nearest to what somebody speaks."""
        wanted = (locale or "").lower()
        language = wanted.split("-")[0]
        for known in self.locales.offered:
            if known.lower() == wanted:
                return known
        for known in self.locales.offered:
            if language and known.lower().split("-")[0] == language:
                return known
        return self.locales.default


def _reasons(error: ValidationError) -> dict[str, str]:
    """By path; no value is quoted, for a wrong one may hold anything."""
    wrong: dict[str, str] = {}
    for entry in error.errors(**_INPUT_FREE)[:20]:
        where = ".".join(str(part) for part in entry["loc"] if part != "[key]")[:120]
        message = re.sub(r"^Value error, ", "", entry["msg"])
        field, _, reason = message.partition(": ")
        if entry["type"] == "value_error" and reason:  # a check of several fields names its own
            where = f"{where}.{field}" if where else field
            message = reason
        wrong.setdefault(where or "settings", message)
    return wrong
