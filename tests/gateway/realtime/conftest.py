"""A Redis to be cut off from."""

from tests.fixtures.redis_server import redis_server
from tests.gateway.conftest import assistant

__all__ = ["assistant", "redis_server"]
