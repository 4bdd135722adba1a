"""What can go wrong with a customer."""

from foundation.errors import NotAllowed, NotFound


class CustomerNotFound(NotFound):
    """Absent, or outside the caller's scope."""

    code = "customer_not_found"
    title = "No such customer"


class VerificationFailed(NotAllowed):
    """Order number and contact do not belong together; which of them is wrong is never told."""

    code = "verification_failed"
    title = "That order number and contact do not match"
