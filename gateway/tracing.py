"""Traces, for who wants them: spans of requests and turns by OTLP over HTTP.

Off by default, and then nothing is imported for it and a span costs one call.
"""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from importlib.util import find_spec
from typing import Any, Protocol

from foundation.errors import BadSettings

_SERVICE = "kefu-gateway"
_NEEDED = ("opentelemetry.sdk.trace", "opentelemetry.exporter.otlp.proto.http.trace_exporter")
_lock = threading.Lock()


class Span(Protocol):
    """A piece of work that is under way."""

    def rename(self, name: str) -> None:
        """Its name is known now."""


class _NoSpan:
    def rename(self, name: str) -> None:
        """Nobody looks."""


class _OtelSpan:
    def __init__(self, wrapped: Any) -> None:
        self._wrapped = wrapped

    def rename(self, name: str) -> None:
        self._wrapped.update_name(name)


_NO_SPAN = _NoSpan()
_tracer: Any = None


def start_tracing(endpoint: str) -> None:
    """Send spans there from now on, in the background; nothing when it is empty.

    Raises:
        BadSettings: what it needs is not installed.
    """
    global _tracer  # noqa: PLW0603 - a process has one, as OpenTelemetry has
    with _lock:
        if not endpoint or _tracer is not None:
            return
        if find_spec("opentelemetry") is None or find_spec(_NEEDED[0]) is None:
            raise BadSettings("KEFU_OTLP_ENDPOINT: needs `pip install kefu[otel]`")
        sdk, exporter = (import_module(name) for name in _NEEDED)
        export = import_module("opentelemetry.sdk.trace.export")
        resource = import_module("opentelemetry.sdk.resources").Resource
        provider = sdk.TracerProvider(resource=resource.create({"service.name": _SERVICE}))
        sender = exporter.OTLPSpanExporter(endpoint=endpoint)
        provider.add_span_processor(export.BatchSpanProcessor(sender))
        _tracer = provider.get_tracer(_SERVICE)


@contextmanager
def span(name: str, **attributes: str | int) -> Iterator[Span]:
    """The work in the block, as a part of what is under way around it; no personal data."""
    if _tracer is None:
        yield _NO_SPAN
        return
    # The texts of exceptions may quote what a customer wrote.
    with _tracer.start_as_current_span(
        name, attributes=attributes, record_exception=False, set_status_on_exception=False
    ) as current:
        yield _OtelSpan(current)
