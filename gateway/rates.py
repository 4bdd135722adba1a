"""How often something may happen: counted here, or in Redis for several gateways together."""

import math
import time
from collections.abc import Callable

import structlog
from limits import RateLimitItemPerSecond
from limits.errors import StorageError
from limits.storage import RedisStorage
from limits.strategies import SlidingWindowCounterRateLimiter

from foundation.errors import TooManyAttempts
from foundation.settings import Settings
from gateway.rate_counters import RateCounters

log = structlog.get_logger(__name__)

_REDIS_SECONDS = 0.25
_LEAVE_REDIS_SECONDS = 5.0


class RateLimiter:
    """Counts hits in sliding windows.

    While Redis is away each gateway counts for itself: a limit is then as many times as wide as
    there are gateways, and nobody is turned away for an outage. What guards a secret (log-in,
    order verification) is counted in the store instead.
    """

    def __init__(self, settings: Settings, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._here = SlidingWindowCounterRateLimiter(RateCounters(clock=clock))
        self._shared = _in_redis(settings)
        self._redis_away_until: float | None = None

    @property
    def may_block(self) -> bool:
        """Whether a hit may wait for the network, and so does not belong on the event loop."""
        return self._shared is not None

    def hit(self, item: RateLimitItemPerSecond, key: str) -> float | None:
        """Count a hit.

        Returns:
            None when it is within the limit; else the seconds until another try is worth it.
        """
        if self._shared is not None and not self._redis_is_away():
            try:
                wait = _hit(self._shared, item, key)
            except StorageError as error:
                self._leave_redis(error)
            else:
                self._found_redis()
                return wait
        return _hit(self._here, item, key)

    def _redis_is_away(self) -> bool:
        return self._redis_away_until is not None and self._clock() < self._redis_away_until

    def _leave_redis(self, error: StorageError) -> None:
        if self._redis_away_until is None:  # once an outage
            reason = type(error.storage_error).__name__
            log.warning("rates_counted_here", reason=reason)
        self._redis_away_until = self._clock() + _LEAVE_REDIS_SECONDS

    def _found_redis(self) -> None:
        if self._redis_away_until is not None:
            self._redis_away_until = None
            log.info("rates_counted_in_redis")


class RateLimit:
    """One limit: so many hits of each key in a window of time."""

    def __init__(self, limiter: RateLimiter, name: str, *, amount: int, seconds: float) -> None:
        """Args:
        limiter: counts.
        name: keeps its keys apart from those of other limits.
        amount: hits in a window, all at once if need be.
        seconds: the window; whole seconds, one at least.
        """
        self._limiter = limiter
        whole = max(1, round(seconds))
        self._item = RateLimitItemPerSecond(amount, multiples=whole, namespace=name)

    @property
    def may_block(self) -> bool:
        """Whether ``take`` may wait for the network."""
        return self._limiter.may_block

    def take(self, key: str, *, detail: str) -> None:
        """Count a hit of this key.

        Raises:
            TooManyAttempts: there were too many; ``retry_after`` says when to try again.
        """
        wait = self._limiter.hit(self._item, key)
        if wait is not None:
            seconds = max(1, math.ceil(wait))
            raise TooManyAttempts(f"{detail} Try again in {seconds} s.", retry_after=seconds)


def _hit(
    limiter: SlidingWindowCounterRateLimiter, item: RateLimitItemPerSecond, key: str
) -> float | None:
    if limiter.hit(item, key):
        return None
    # The library counts from the wall clock.
    return limiter.get_window_stats(item, key).reset_time - time.time()


def _in_redis(settings: Settings) -> SlidingWindowCounterRateLimiter | None:
    url = settings.redis_url.get_secret_value()
    if not url:
        return None
    storage = RedisStorage(
        url.replace("unix://", "redis+unix://", 1),
        key_prefix=f"{settings.redis_prefix}:rates",
        wrap_exceptions=True,
        socket_timeout=_REDIS_SECONDS,
        socket_connect_timeout=_REDIS_SECONDS,
    )
    return SlidingWindowCounterRateLimiter(storage)
