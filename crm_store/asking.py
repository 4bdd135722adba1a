"""Who is asking. Every query that a person triggers takes one of these and scopes itself by it."""

from dataclasses import dataclass
from uuid import UUID

from crm_store.models.access import Role


@dataclass(frozen=True, slots=True)
class AsCustomer:
    """A verified customer: sees what is theirs and nothing else."""

    customer_id: UUID


@dataclass(frozen=True, slots=True)
class AsStaff:
    """A logged-in member of staff."""

    user_id: UUID
    role: Role


@dataclass(frozen=True, slots=True)
class AsSystem:
    """A job of ours; ``reason`` says which, for whoever reads the code or the audit."""

    reason: str


Asker = AsCustomer | AsStaff | AsSystem
