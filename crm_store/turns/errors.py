"""What can go wrong with a turn."""

from foundation.errors import Conflict


class TurnNotHeld(Conflict):
    """The turn is done already, or its lease has gone to another worker; nothing was written."""

    code = "turn_not_held"
    title = "This turn is no longer yours"
