"""How often something may happen, counted in memory: cheap enough for every message."""

import math
import threading
import time
from collections.abc import Callable

from foundation.errors import TooManyAttempts

_MAX_KEYS = 20_000


class TokenBuckets:
    """A token bucket per key: ``burst`` at once, then ``per_second``.

    Each gateway process counts for itself. That suffices where a limit protects this process; what
    guards a secret (log-in, order verification) is counted in the store instead.
    """

    def __init__(
        self, *, burst: int, per_second: float, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._burst = float(burst)
        self._rate = per_second
        self._clock = clock
        self._buckets: dict[str, tuple[float, float]] = {}
        self._lock = threading.Lock()

    def take(self, key: str, *, detail: str) -> None:
        """Take a token.

        Raises:
            TooManyAttempts: none is left; ``retry_after`` says when one will be.
        """
        with self._lock:
            now = self._clock()
            tokens, at = self._buckets.get(key, (self._burst, now))
            tokens = min(self._burst, tokens + (now - at) * self._rate)
            if tokens < 1:
                wait = max(1, math.ceil((1 - tokens) / self._rate))
                raise TooManyAttempts(f"{detail} Try again in {wait} s.", retry_after=wait)
            if len(self._buckets) >= _MAX_KEYS:
                self._forget_full(now)
            self._buckets[key] = (tokens - 1, now)

    def _forget_full(self, now: float) -> None:
        full_after = self._burst / self._rate
        self._buckets = {
            key: bucket for key, bucket in self._buckets.items() if now - bucket[1] < full_after
        }
