"""The database goes away while customers write, and comes back."""

import threading
import time
from pathlib import Path

import httpx
import pytest

from tests.faults.support.cluster import Cluster
from tests.faults.support.gateway import Writer, prepare, running_gateway
from tests.gateway.support.double import AssistantDouble
from tests.gateway.support.running import wait_until


@pytest.mark.parametrize("how", ["fast", "immediate"])
def test_what_was_confirmed_is_there_and_the_rest_is_sent_again(
    cluster: Cluster, assistant: AssistantDouble, tmp_path: Path, how: str
) -> None:
    var = tmp_path / "var"
    prepare(var, cluster.url)
    with running_gateway(var, assistant_url=assistant.url, database_url=cluster.url) as gateway:
        clients = [httpx.Client(base_url=gateway.url, timeout=60, trust_env=False) for _ in "abc"]
        writers = [Writer.of(client) for client in clients]
        stop = threading.Event()
        threads = [threading.Thread(target=writer.go_on, args=[stop]) for writer in writers]
        for thread in threads:
            thread.start()
        wait_until(lambda: all(len(writer.confirmed) > 3 for writer in writers), seconds=30)
        cluster.stop(how)
        wait_until(lambda: all(503 in writer.statuses for writer in writers), seconds=30)
        assert gateway.client.get("/readyz").status_code == 503
        before = [len(writer.confirmed) for writer in writers]
        time.sleep(0.5)
        cluster.start()
        wait_until(
            lambda: all(
                len(writer.confirmed) > had + 3 for writer, had in zip(writers, before, strict=True)
            ),
            seconds=60,
        )
        stop.set()
        for thread in threads:
            thread.join(timeout=60)
        assert {code for writer in writers for code in writer.codes} == {"unavailable"}
        # Every customer message has been answered too: the turns outlived the outage.
        for writer in writers:
            wait_until(lambda writer=writer: _answered(writer), seconds=60)  # type: ignore[misc]
            writer.check()
        for client in clients:
            client.close()


def _answered(writer: Writer) -> bool:
    messages = writer.stored()
    asked = sum(message["author"] == "customer" for message in messages)
    return sum(message["author"] == "bot" for message in messages) >= asked
