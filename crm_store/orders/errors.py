"""What can go wrong with an order."""

from foundation.errors import Conflict, NotFound


class OrderNotFound(NotFound):
    """No such order, or not one that the asker may see."""

    code = "order_not_found"
    title = "There is no such order"


class CannotCancel(Conflict):
    """The order has gone too far; the detail says in plain words why."""

    code = "cannot_cancel"
    title = "This order cannot be cancelled any more"


class CannotChangeAddress(Conflict):
    """The parcel has left, or there is none; the detail says which."""

    code = "cannot_change_address"
    title = "The address cannot be changed any more"


class CannotShip(Conflict):
    """The order is cancelled, or the parcel another order's; the detail says which."""

    code = "cannot_ship"
    title = "This parcel cannot go with this order"
