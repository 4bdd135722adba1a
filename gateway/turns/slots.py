"""How many turns run at once."""

import threading


class Slots:
    """Taken on the event loop or by a request's thread, and given back on the event loop."""

    def __init__(self, count: int) -> None:
        self._free = threading.Semaphore(count)
        self.others_wait = False
        """Whether a turn that may be waiting found none free."""

    def take(self) -> bool:
        """Take a free one for the turn that has waited longest; False when there is none."""
        self.others_wait = not self._free.acquire(blocking=False)
        return not self.others_wait

    def take_at_once(self) -> bool:
        """Take a free one for a turn that has not waited; False when others have, or none is free.

        Who has just come does not pass those who wait for a slot.
        """
        return not self.others_wait and self._free.acquire(blocking=False)

    def give_back(self) -> None:
        """Let somebody else have it."""
        self._free.release()
