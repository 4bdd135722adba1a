"""What can go wrong with somebody's rights."""

from foundation.errors import Conflict, Unavailable


class OrdersUnderWay(Conflict):
    """Without name and address the shop could not deliver, or pay back."""

    code = "orders_under_way"
    title = "Something that the customer ordered is still under way"


class AssistantDidNotForget(Unavailable):
    """It runs, so that it has conversations in memory, and did not do what it was asked."""

    code = "assistant_did_not_forget"
    title = "The assistant runs, but did not forget the conversations"
