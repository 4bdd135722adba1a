"""Log-in as it travels."""

from uuid import UUID

from pydantic import BaseModel, Field

from crm_store.models import Role


class Credentials(BaseModel):
    email: str = Field(max_length=254)
    password: str = Field(max_length=1_000)


class StaffView(BaseModel):
    id: UUID
    name: str
    email: str
    role: Role


class LoggedIn(BaseModel):
    """``csrf_token`` goes into the header ``X-CSRF-Token`` of every change."""

    user: StaffView
    csrf_token: str


class Me(BaseModel):
    user: StaffView
