"""An installation of its own for a benchmark: own folder, own ports, the demo shop in it."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from benchmarks.harness.processes import cpu_seconds, peak_rss_mb
from crm_store.asking import AsSystem
from crm_store.database import Database
from crm_store.orders.service import OrderService
from crm_store.sites.service import SiteService
from tests.e2e.system import System, installed_system

SITE_KEY = "demo-shop"
PARTS = ("gateway", "assistant", "actions", "worker")
_ASKER = AsSystem("benchmark")
# The limits guard against one visitor's flood; a benchmark is that flood.
_NO_LIMITS = {
    "KEFU_MESSAGE_BURST": "1000",
    "KEFU_MESSAGES_PER_MINUTE": "100000",
    "KEFU_SESSIONS_PER_MINUTE": "100000",
}


@dataclass(frozen=True)
class Shopper:
    """A customer as the shop's page would vouch for them, with an order to ask about."""

    identity: str
    order_number: str


def install(var: Path, *, customers: int) -> System:
    """Seeded and ready to start; the per-visitor rate limits are out of the way."""
    system = installed_system(var, customers=customers)
    system.environment.update(_NO_LIMITS)
    return system


def shoppers(database: Database, count: int) -> list[Shopper]:
    """Different customers, each with their newest order and an identity that is signed now."""
    found: dict[str, Shopper] = {}
    cursor: str | None = None
    with database.reading() as session:
        sites = SiteService(session)
        site = sites.by_key(SITE_KEY)
        while len(found) < count:
            page = OrderService(session).list(asker=_ASKER, cursor=cursor, limit=200)
            for order in page.items:
                customer = order.customer
                if customer.external_id is None or customer.external_id in found:
                    continue
                token = sites.sign_identity(
                    site,
                    subject=customer.external_id,
                    email=customer.email,
                    name=customer.name,
                    ttl_seconds=3600,
                )
                found[customer.external_id] = Shopper(token, order.number)
            if page.next_cursor is None:
                break
            cursor = page.next_cursor
    return list(found.values())[:count]


def peaks_mb(system: System) -> dict[str, float]:
    """Peak resident memory of each part."""
    assert system.process is not None
    pids = {"supervisor": system.process.pid} | {part: system.pid_of(part) for part in PARTS}
    return {name: round(peak_rss_mb(pid), 1) for name, pid in pids.items()}


def cpu_by_part(system: System) -> dict[str, float]:
    """CPU seconds that each part has taken so far."""
    return {part: cpu_seconds(system.pid_of(part)) for part in PARTS}


@contextmanager
def running(system: System) -> Iterator[System]:
    """Started, and stopped at the end whatever happens."""
    system.start()
    try:
        yield system
    finally:
        system.stop()
