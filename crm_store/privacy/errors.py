"""What can go wrong with somebody's rights."""

from foundation.errors import Conflict


class OrdersUnderWay(Conflict):
    """Without name and address the shop could not deliver, or pay back."""

    code = "orders_under_way"
    title = "Something that the customer ordered is still under way"
