"""Prometheus metrics of one gateway; a registry each, so that two apps can live in one process."""

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest

_FAST = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10)
_TURNS = (0.05, 0.1, 0.25, 0.5, 1, 2, 4, 8, 16, 32, 64)


class Metrics:
    """Everything the gateway counts."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self._requests = Counter(
            "kefu_requests",
            "HTTP requests.",
            ("method", "route", "status"),
            registry=self.registry,
        )
        self._request_seconds = Histogram(
            "kefu_request_seconds",
            "Time to answer a request.",
            ("route",),
            buckets=_FAST,
            registry=self.registry,
        )
        self._turns = Counter(
            "kefu_turns", "Bot turns by outcome.", ("outcome",), registry=self.registry
        )
        self._turn_seconds = Histogram(
            "kefu_turn_seconds",
            "From the customer's message to the committed reply.",
            buckets=_TURNS,
            registry=self.registry,
        )
        self.sockets = Gauge(
            "kefu_sockets", "Open WebSockets.", ("audience",), registry=self.registry
        )
        self.slow_sockets = Counter(
            "kefu_slow_sockets", "Sockets closed for not keeping up.", registry=self.registry
        )

    def request(self, method: str, route: str, status: int, seconds: float) -> None:
        self._requests.labels(method, route, str(status)).inc()
        self._request_seconds.labels(route).observe(seconds)

    def turn(self, outcome: str, seconds: float | None = None) -> None:
        self._turns.labels(outcome).inc()
        if seconds is not None:
            self._turn_seconds.observe(seconds)

    def render(self) -> bytes:
        """The text exposition format."""
        return generate_latest(self.registry)
