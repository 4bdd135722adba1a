"""Nothing opens that was changed, cut short, or is under another key."""

import io
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crm_store.backup import sealing
from crm_store.backup.errors import NoBackupKey, NotABackup
from crm_store.backup.keys import BackupKeys, KeyName
from crm_store.backup.sealing import Head, SealedReader, SealedWriter, read_head

NAME = KeyName("backup", "b1")
KEYS = BackupKeys({NAME: bytes(32)})


@pytest.fixture(autouse=True)
def small_chunks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sealing, "_CHUNK", 16)


def sealed(content: bytes, *, pieces: int = 7) -> bytes:
    file = io.BytesIO()
    head = Head.new(NAME, engine="sqlite", made_at="2026-01-01T00:00:00+00:00")
    writer = SealedWriter(file, head, KEYS)
    for at in range(0, len(content), pieces):
        writer.write(content[at : at + pieces])
    writer.close()
    return file.getvalue()


def opened(data: bytes, keys: BackupKeys = KEYS, *, pieces: int = 5) -> bytes:
    reader = SealedReader(io.BytesIO(data), keys)
    content = b""
    while piece := reader.read(pieces):
        content += piece
    reader.drain()
    return content


@pytest.mark.parametrize("size", [0, 1, 15, 16, 17, 31, 32, 33, 100])
@pytest.mark.parametrize("pieces", [1, 7, 16, 1_000])
def test_it_comes_out_as_it_went_in(size: int, pieces: int) -> None:
    content = bytes(range(size))
    data = sealed(content, pieces=pieces)
    assert opened(data, pieces=pieces) == content
    assert SealedReader(io.BytesIO(data), KEYS).read() == content
    assert len(content) < 8 or content[:8] not in data


@settings(deadline=None)
@given(at=st.integers(min_value=0), bit=st.integers(0, 7))
def test_any_changed_bit_is_found(at: int, bit: int) -> None:
    data = bytearray(sealed(bytes(50)))
    data[at % len(data)] ^= 1 << bit
    with pytest.raises((NotABackup, NoBackupKey)):
        opened(bytes(data))


def _cut(data: bytes) -> list[bytes]:
    return [data[:length] for length in range(len(data))]


def _swapped(data: bytes) -> list[bytes]:
    start = len(data) - (16 + 16) * 3 - (2 + 16)
    one, two = data[start : start + 32], data[start + 32 : start + 64]
    return [data[:start] + two + one + data[start + 64 :], data[:start] + data[start + 32 :]]


@pytest.mark.parametrize("harm", [_cut, _swapped, lambda data: [data + b"more", data + data]])
def test_it_is_whole_or_nothing(harm: Callable[[bytes], list[bytes]]) -> None:
    for data in harm(sealed(bytes(range(50)))):
        with pytest.raises(NotABackup):
            opened(data)


def test_another_key_is_named() -> None:
    with pytest.raises(NoBackupKey, match=r"b1.*KEFU_BACKUP_KEYS"):
        opened(sealed(b"x"), BackupKeys({}))
    with pytest.raises(NotABackup):
        opened(sealed(b"x"), BackupKeys({NAME: bytes(range(32))}))


def test_two_files_of_the_same_have_nothing_in_common() -> None:
    one, other = sealed(b"the same" * 4), sealed(b"the same" * 4)
    assert read_head(io.BytesIO(one)).salt != read_head(io.BytesIO(other)).salt
    assert one[-32:] != other[-32:]
