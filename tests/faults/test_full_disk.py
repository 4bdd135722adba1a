"""There is no space left: what is refused is refused whole, and goes through once there is."""

from pathlib import Path
from uuid import uuid4

from tests.faults.support.cluster import cluster_in
from tests.faults.support.disk import SmallDisk, small_disk
from tests.faults.support.gateway import RunningGateway, Writer, prepare, running_gateway
from tests.gateway.support.double import AssistantDouble

KILOBYTE = 1_024
MEGABYTE = 1_024 * KILOBYTE
PADDING = " " + "wörter " * 400


def write_until_full(writer: Writer) -> str:
    """Write until a message is refused; returns the one that was."""
    for _ in range(5_000):
        client_id = uuid4().hex
        if writer.send(client_id) not in {200, 201}:
            return client_id
    raise AssertionError("the disk did not fill up")


def suffer(gateway: RunningGateway, disk: SmallDisk, *, leave: int) -> None:
    writer = Writer.of(gateway.client, padding=PADDING)
    writer.send_until_confirmed()
    disk.fill(leave=leave)
    refused = write_until_full(writer)
    assert writer.statuses[-1] == 503
    assert set(writer.codes) <= {"storage_full", "unavailable"}
    assert gateway.client.get("/healthz").status_code == 200
    disk.make_room()
    confirmed = len(writer.confirmed)
    while writer.send(refused) not in {200, 201}:  # a crashed server recovers first
        assert len(writer.statuses) < confirmed + 5_000
    for _ in range(5):
        writer.send_until_confirmed()
    writer.check()


def test_messages_on_sqlite(assistant: AssistantDouble, tmp_path: Path) -> None:
    with small_disk(24) as disk:
        url = f"sqlite:///{disk.folder / 'kefu.db'}"
        prepare(tmp_path / "var", url)
        with running_gateway(
            tmp_path / "var",
            assistant_url=assistant.url,
            database_url=url,
        ) as gateway:
            suffer(gateway, disk, leave=600 * KILOBYTE)


def test_messages_on_postgresql(assistant: AssistantDouble, tmp_path: Path) -> None:
    with small_disk(160) as disk:
        folder = disk.folder / "server"
        folder.mkdir(mode=0o755)
        with cluster_in(folder) as cluster:
            prepare(tmp_path / "var", cluster.url)
            with running_gateway(
                tmp_path / "var", assistant_url=assistant.url, database_url=cluster.url
            ) as gateway:
                suffer(gateway, disk, leave=2 * MEGABYTE)
