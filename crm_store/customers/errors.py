"""What can go wrong with a customer."""

from foundation.errors import Conflict, NotAllowed, NotFound


class CustomerNotFound(NotFound):
    """Absent, or outside the caller's scope."""

    code = "customer_not_found"
    title = "No such customer"


class VerificationFailed(NotAllowed):
    """Order number and contact do not belong together; which of them is wrong is never told."""

    code = "verification_failed"
    title = "That order number and contact do not match"


class ContactKnown(Conflict):
    """Another customer has the e-mail address or the phone number; the detail says which."""

    code = "contact_known"
    title = "Another customer has this contact"


class PersonErased(Conflict):
    """Who is entered was erased; only they themselves come back."""

    code = "person_erased"
    title = "This person was erased"
