"""What staff may do: permissions, the roles that carry them, and the one check."""

from enum import StrEnum

from crm_store.asking import AsCustomer, Asker, AsStaff, AsSystem
from crm_store.models.access import Role
from foundation.errors import NotAllowed


class Permission(StrEnum):
    """One thing that somebody may do; API keys name the ones they carry."""

    CUSTOMERS_READ = "customers:read"
    CUSTOMERS_WRITE = "customers:write"
    CONVERSATIONS_READ = "conversations:read"
    CONVERSATIONS_WRITE = "conversations:write"
    ORDERS_READ = "orders:read"
    ORDERS_WRITE = "orders:write"
    TICKETS_READ = "tickets:read"
    TICKETS_WRITE = "tickets:write"
    SALES_READ = "sales:read"
    SALES_WRITE = "sales:write"
    ARTICLES_WRITE = "articles:write"
    INSIGHTS_READ = "insights:read"
    TRANSCRIPTS_REVIEW = "transcripts:review"
    CUSTOMERS_MERGE = "customers:merge"
    IMPORTS_RUN = "imports:run"
    PRIVACY_MANAGE = "privacy:manage"
    USERS_MANAGE = "users:manage"
    SETTINGS_MANAGE = "settings:manage"
    AUDIT_READ = "audit:read"


_AGENT = frozenset(
    {
        Permission.CUSTOMERS_READ,
        Permission.CUSTOMERS_WRITE,
        Permission.CONVERSATIONS_READ,
        Permission.CONVERSATIONS_WRITE,
        Permission.ORDERS_READ,
        Permission.ORDERS_WRITE,
        Permission.TICKETS_READ,
        Permission.TICKETS_WRITE,
        Permission.SALES_READ,
        Permission.SALES_WRITE,
    }
)
_ANALYST = frozenset(
    {
        Permission.CUSTOMERS_READ,
        Permission.CONVERSATIONS_READ,
        Permission.ORDERS_READ,
        Permission.TICKETS_READ,
        Permission.SALES_READ,
        Permission.INSIGHTS_READ,
    }
)

PERMISSIONS: dict[Role, frozenset[Permission]] = {
    Role.AGENT: _AGENT,
    Role.ANALYST: _ANALYST,
    Role.ADMIN: frozenset(Permission),
}


def may(asker: Asker, permission: Permission) -> bool:
    """Whether the asker has the permission; a customer has none, a job of ours all."""
    if isinstance(asker, AsSystem):
        return True
    if not isinstance(asker, AsStaff):
        return False
    granted = PERMISSIONS[asker.role]
    if asker.limited_to is not None:
        granted &= asker.limited_to
    return permission in granted


def may_or_own(asker: Asker, permission: Permission) -> bool:
    """Like ``may``, but a customer may: the query that follows holds them to what is theirs."""
    return isinstance(asker, AsCustomer) or may(asker, permission)


def require(asker: Asker, permission: Permission) -> None:
    """Let only those pass who have the permission.

    Raises:
        NotAllowed: the asker lacks it; the detail names it.
    """
    if not may(asker, permission):
        raise _lacks(permission)


def require_or_own(asker: Asker, permission: Permission) -> None:
    """Like ``require``, but a customer passes: the query that follows holds them to what is theirs.

    Raises:
        NotAllowed: a member of staff lacks the permission; the detail names it.
    """
    if not may_or_own(asker, permission):
        raise _lacks(permission)


def _lacks(permission: Permission) -> NotAllowed:
    return NotAllowed(f"this needs the permission {permission.value}")
