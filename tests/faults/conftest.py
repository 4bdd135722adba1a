"""Faults that are caused for real: processes killed, disks filled, servers stopped."""

from collections.abc import Iterator

import pytest

from tests.faults.support.cluster import cluster
from tests.gateway.support.double import AssistantDouble

__all__ = ["cluster"]


@pytest.fixture
def assistant() -> Iterator[AssistantDouble]:
    """A local HTTP server that speaks the connector's protocol; Rasa is tested elsewhere."""
    with AssistantDouble() as double:
        yield double
