"""What can go wrong with an account."""

from foundation.errors import NotFound


class AccountNotFound(NotFound):
    """Absent, or merged into another."""

    code = "account_not_found"
    title = "No such account"
