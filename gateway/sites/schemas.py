"""A site and its settings as admins see and send them."""

from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from crm_store.sites.settings import (
    Appearance,
    ChatForm,
    Greeting,
    Locales,
    PreChat,
    SiteSettings,
    WordsByLocale,
)


class SiteRow(BaseModel):
    """A site in the list."""

    site_key: str
    name: str
    origins: list[str]


class SiteView(SiteRow):
    """A site with its settings; ``calendar`` is the name of a business calendar."""

    id: UUID
    version: int
    calendar: str | None
    identity_required: bool
    shares_customers: bool
    settings: SiteSettings


class SiteEdit(BaseModel):
    """What to set; what is left out stays. Each setting is replaced as a whole."""

    model_config = ConfigDict(extra="forbid")

    version: int | None = Field(None, description="The one that was seen; null changes any.")
    calendar: str | None = Field(None, max_length=200)
    identity_required: bool | None = None
    shares_customers: bool | None = Field(
        None,
        description="Whether `sub` is the shop's own customer number, as in imports and on the "
        "other sites that share; else it means something on this site alone.",
    )
    locales: Locales | None = None
    appearance: Appearance | None = None
    texts: WordsByLocale | None = None
    pre_chat: PreChat | None = None
    offline_form: bool | None = None
    greetings: list[Greeting] | None = Field(None, max_length=20)
    forms: list[ChatForm] | None = Field(None, max_length=20)
    sound: bool | None = None
    close_after_hours: int | None = Field(None, ge=1, le=8_760, description="null: never.")
