"""The text form of the data keys, in the settings and in the secrets file."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from foundation.data_keys import format_data_keys, parse_data_keys, with_new_data_key
from foundation.errors import BadSettings
from foundation.secrets import add_data_key, read_secret, write_missing_secrets
from foundation.settings import load_settings

KEY = "k1:" + "A" * 43


def test_keys_keep_their_order() -> None:
    keys = {"k2": bytes(32), "k1": bytes(range(32))}
    assert list(parse_data_keys(format_data_keys(keys.items()))) == ["k2", "k1"]
    assert parse_data_keys(format_data_keys(keys.items())) == keys
    assert parse_data_keys("") == {}
    assert parse_data_keys(KEY + "=") == parse_data_keys(KEY)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("nonsense", "key 1 must read id:key"),
        ("K 1:" + "A" * 43, "key 1 must read id:key"),
        (f"{KEY},{KEY}", "key 2 has the id of an earlier one"),
        ("k1:" + "A" * 42 + "B", "key 1 is not base64url"),
        ("k1:" + "!" * 43, "key 1 is not base64url"),
        ("k1:QUJD", "key 1 has 3 bytes, not 32"),
        (f"{KEY},", "key 2 must read id:key"),
        (",".join(f"a{n}:{'A' * 43}" for n in range(33)), "more than 32 keys"),
    ],
)
def test_bad_keys_stop_the_start_and_are_not_shown(
    text: str, reason: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KEFU_VAR", str(tmp_path))
    monkeypatch.setenv("KEFU_DATA_KEYS", text)
    with pytest.raises(BadSettings) as refused:
        load_settings(env_file=None)
    assert refused.value.detail.startswith("KEFU_DATA_KEYS: ")
    assert reason in refused.value.detail
    assert "AAAA" not in refused.value.detail
    assert refused.value.__cause__ is None


def test_a_new_key_goes_in_front_under_the_next_number() -> None:
    one = with_new_data_key("")
    two = with_new_data_key(one)
    assert list(parse_data_keys(two)) == ["k2", "k1"]
    assert parse_data_keys(two)["k1"] == parse_data_keys(one)["k1"]


def test_a_key_is_added_to_the_file_and_all_else_stays(tmp_path: Path) -> None:
    file = tmp_path / "secrets.env"
    file.write_text(f"# ours\nKEFU_SECRET_KEYS=a\nKEFU_DATA_KEYS={KEY}\nKEFU_PORT='80'\n")
    add_data_key(file)
    assert list(parse_data_keys(read_secret(file, "data_keys"))) == ["k2", "k1"]
    lines = file.read_text().splitlines()
    assert lines[:3] == ["# ours", "KEFU_SECRET_KEYS=a", "KEFU_PORT='80'"]
    assert file.stat().st_mode & 0o777 == 0o600


def test_processes_that_start_together_agree_on_the_keys(tmp_path: Path) -> None:
    settings = load_settings(env_file=None, var=tmp_path)

    def start(_: int) -> str:
        write_missing_secrets(settings)
        return load_settings(env_file=None, var=tmp_path).data_keys.get_secret_value()

    with ThreadPoolExecutor(8) as pool:
        assert len(set(pool.map(start, range(8)))) == 1
