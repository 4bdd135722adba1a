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
    """A member of staff, logged in or through an API key of theirs.

    Attributes:
        limited_to: the permissions of the API key, as ``crm_store.permissions`` names them; None
            with a login, which may do what the role may.
        api_key_id: the key, for the audit log.
    """

    user_id: UUID
    role: Role
    limited_to: frozenset[str] | None = None
    api_key_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class AsSystem:
    """A job of ours; ``reason`` says which, for whoever reads the code or the audit."""

    reason: str


Asker = AsCustomer | AsStaff | AsSystem


def user_of(asker: Asker) -> UUID | None:
    """The member of staff who asks, if it is one."""
    return asker.user_id if isinstance(asker, AsStaff) else None
