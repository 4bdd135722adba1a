"""Rate limits: counted here or in Redis, and without Redis while it is away."""

import time

import pytest
from structlog.testing import capture_logs

from foundation.errors import TooManyAttempts
from foundation.settings import Settings, load_settings
from gateway.rate_counters import RateCounters
from gateway.rates import RateLimit, RateLimiter
from tests.fixtures.redis_server import RedisServer, redis_server

__all__ = ["redis_server"]

DETAIL = "Too many."


class Clock:
    def __init__(self) -> None:
        self.now = 1_000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


def with_redis(settings: Settings, server: RedisServer) -> Settings:
    return load_settings(
        env_file=None,
        var=settings.var,
        internal_token=settings.internal_token,
        secret_keys=settings.secret_keys,
        redis_url=server.url,
    )


def refused(limit: RateLimit, key: str = "a") -> int | None:
    """The seconds to wait, or None when the hit was taken."""
    try:
        limit.take(key, detail=DETAIL)
    except TooManyAttempts as error:
        return error.retry_after
    return None


class TestHere:
    def test_so_many_at_once_and_no_more(self, settings: Settings, clock: Clock) -> None:
        limit = RateLimit(RateLimiter(settings, clock=clock), "t", amount=3, seconds=10)
        assert [refused(limit) for _ in range(3)] == [None] * 3
        assert refused(limit) == 10
        assert refused(limit, "b") is None

    def test_room_comes_back_little_by_little(self, settings: Settings, clock: Clock) -> None:
        limit = RateLimit(RateLimiter(settings, clock=clock), "t", amount=10, seconds=10)
        for _ in range(10):
            assert refused(limit) is None
        clock.now += 10.5
        assert refused(limit) is None
        assert refused(limit) is not None
        clock.now += 20
        assert [refused(limit) for _ in range(10)] == [None] * 10

    def test_who_waits_as_long_as_told_is_let_in(self, settings: Settings, clock: Clock) -> None:
        limit = RateLimit(RateLimiter(settings, clock=clock), "t", amount=5, seconds=60)
        for _ in range(5):
            limit.take("a", detail=DETAIL)
        wait = refused(limit)
        assert wait is not None
        clock.now += wait
        waits = 0
        while (wait := refused(limit)) is not None:
            clock.now += wait
            waits += 1
        assert waits <= 1

    def test_the_error_says_how_long(self, settings: Settings, clock: Clock) -> None:
        limit = RateLimit(RateLimiter(settings, clock=clock), "t", amount=1, seconds=7)
        limit.take("a", detail=DETAIL)
        with pytest.raises(TooManyAttempts, match=r"Too many\. Try again in 7 s\."):
            limit.take("a", detail=DETAIL)

    def test_limits_of_other_names_count_apart(self, settings: Settings, clock: Clock) -> None:
        limiter = RateLimiter(settings, clock=clock)
        one, other = (RateLimit(limiter, name, amount=1, seconds=60) for name in ("x", "y"))
        assert (refused(one), refused(other)) == (None, None)

    def test_what_is_over_takes_no_memory(self, clock: Clock) -> None:
        counters = RateCounters(clock=clock)
        for number in range(1_000):
            counters.acquire_sliding_window_entry(f"k{number}", 5, 10)
        clock.now += 60
        counters.acquire_sliding_window_entry("last", 5, 10)
        assert counters.reset() == 1

    def test_a_flood_of_addresses_has_its_bound(
        self, clock: Clock, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("gateway.rate_counters._MAX_KEYS", 100)
        counters = RateCounters(clock=clock)
        for number in range(1_000):
            counters.acquire_sliding_window_entry(f"k{number}", 5, 3_600)
        assert counters.reset() <= 100

    def test_a_hit_costs_little_however_many_keys_there_are(self, settings: Settings) -> None:
        """The library's own storage takes milliseconds where there are 20,000."""
        limit = RateLimit(RateLimiter(settings), "t", amount=10, seconds=60)
        for number in range(20_000):
            limit.take(f"k{number}", detail=DETAIL)
        before = time.process_time()
        for number in range(2_000):
            limit.take(f"k{number}", detail=DETAIL)
        assert (time.process_time() - before) / 2_000 < 50e-6


class TestInRedis:
    def test_gateways_count_together(self, settings: Settings, redis_server: RedisServer) -> None:
        shared = with_redis(settings, redis_server)
        one, other = (RateLimit(RateLimiter(shared), "t", amount=4, seconds=60) for _ in range(2))
        assert [refused(limit) for limit in (one, other, one, other)] == [None] * 4
        assert refused(one) is not None
        assert refused(other) is not None

    def test_an_outage_turns_nobody_away_and_is_logged_once(
        self, settings: Settings, redis_server: RedisServer, clock: Clock
    ) -> None:
        limiter = RateLimiter(with_redis(settings, redis_server), clock=clock)
        limit = RateLimit(limiter, "t", amount=3, seconds=600)
        limit.take("a", detail=DETAIL)
        redis_server.kill()
        with capture_logs() as logs:
            for _ in range(3):
                assert refused(limit) is None
                clock.now += 10
            assert refused(limit) is not None
            redis_server.start()
            clock.now += 10
            assert refused(limit) is None
        events = [entry["event"] for entry in logs]
        assert events == ["rates_counted_here", "rates_counted_in_redis"]

    def test_a_silent_redis_holds_nobody_up(
        self, settings: Settings, redis_server: RedisServer
    ) -> None:
        limit = RateLimit(
            RateLimiter(with_redis(settings, redis_server)), "t", amount=9, seconds=60
        )
        limit.take("a", detail=DETAIL)
        with redis_server.frozen():
            started = time.monotonic()
            for _ in range(3):
                limit.take("a", detail=DETAIL)
            assert time.monotonic() - started < 2
