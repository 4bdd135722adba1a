"""Faults that are caused for real: processes killed, disks filled, servers stopped."""

from tests.faults.support.cluster import cluster
from tests.gateway.conftest import assistant, gateway, settings

__all__ = ["assistant", "cluster", "gateway", "settings"]
