"""What can go wrong with a lead."""

from foundation.errors import Conflict, NotFound


class LeadNotFound(NotFound):
    """Absent."""

    code = "lead_not_found"
    title = "No such lead"


class AlreadyConverted(Conflict):
    """A converted lead is history: what it became is edited instead."""

    code = "lead_converted"
    title = "This lead is a customer already; change the customer, or undo the conversion"


class CannotUndo(Conflict):
    """What the conversion made is in use by now; the detail says where."""

    code = "conversion_in_use"
    title = "This conversion cannot be undone any more"


class ChooseACustomer(Conflict):
    """Customers with this contact exist; somebody has to choose."""

    code = "choose_a_customer"
    title = "Somebody with this contact is a customer already"
