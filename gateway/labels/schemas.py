"""Labels as staff see and send them."""

from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from crm_store.labels.service import NAME_LIMIT
from crm_store.models import LabelTone


class NewLabel(BaseModel):
    """A word, its tone, and what it is for."""

    name: Annotated[str, Field(min_length=1, max_length=NAME_LIMIT)]
    tone: LabelTone = LabelTone.GREY
    description: Annotated[str, Field(max_length=200)] = ""


class LabelEdit(NewLabel):
    """The whole label as it is to be."""

    version: Annotated[int, Field(ge=0, lt=2**31)]


class LabelView(NewLabel):
    """A label."""

    model_config = ConfigDict(from_attributes=True)

    id: UUID
    version: int


class LabelsWanted(BaseModel):
    """The labels that it is to have, and no others."""

    label_ids: Annotated[list[UUID], Field(max_length=30)]
