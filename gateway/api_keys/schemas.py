"""API keys as they travel."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import AwareDatetime, BaseModel, Field

from crm_store.models import ApiKey
from crm_store.permissions import Permission


class NewKey(BaseModel):
    name: str = Field(min_length=1, max_length=200)
    permissions: Annotated[list[Permission], Field(min_length=1, max_length=len(Permission))]
    expires_at: AwareDatetime | None = None


class KeyMaker(BaseModel):
    id: UUID
    name: str


class KeyView(BaseModel):
    """A key without its secret; ``prefix`` is how it begins."""

    id: UUID
    name: str
    prefix: str
    permissions: list[str]
    maker: KeyMaker
    created_at: datetime
    expires_at: datetime | None
    last_used_at: datetime | None
    revoked_at: datetime | None


class MadeKey(BaseModel):
    """``secret`` is shown here and never again; it goes into ``Authorization: Bearer …``."""

    key: KeyView
    secret: str


def key_view(key: ApiKey) -> KeyView:
    """A key as admins see it."""
    return KeyView(
        id=key.id,
        name=key.name,
        prefix=key.prefix,
        permissions=key.permissions,
        maker=KeyMaker(id=key.maker.id, name=key.maker.name),
        created_at=key.created_at,
        expires_at=key.expires_at,
        last_used_at=key.last_used_at,
        revoked_at=key.revoked_at,
    )
