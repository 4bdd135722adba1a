"""`kefu db rotate-keys` as an operator types it."""

import json
from pathlib import Path

import pytest

from foundation.data_keys import format_data_keys, parse_data_keys
from foundation.secrets import read_secret
from tests.kefu.test_cli import Kefu, printed, refused, runner


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> tuple[Kefu, Path]:
    var = tmp_path_factory.mktemp("rotation")
    kefu = runner(var)
    for arguments in (("db", "upgrade"), ("db", "seed", "--size", "20")):
        done = kefu(*arguments)
        assert done.returncode == 0, done.stderr
    return kefu, var


def test_a_new_key_takes_over_and_the_old_one_may_go(shop: tuple[Kefu, Path]) -> None:
    kefu, var = shop
    done = kefu("db", "rotate-keys")
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("0 rows were brought under the key k1")
    report = printed(kefu("db", "rotate-keys", "--new-key", "--json"))
    assert report["key"] == "k2"
    assert report["unused_keys"] == ["k1"]
    assert report["rewritten"]["customers"] == 20
    secrets = var / "secrets.env"
    keys = parse_data_keys(read_secret(secrets, "data_keys"))
    lines = [line for line in secrets.read_text().splitlines() if "DATA_KEYS" not in line]
    secrets.write_text(
        "\n".join([*lines, f"KEFU_DATA_KEYS={format_data_keys([('k2', keys['k2'])])}"])
    )
    assert "k1" not in json.dumps(printed(kefu("db", "rotate-keys", "--json")))


def test_a_lost_key_stops_the_start_by_name(shop: tuple[Kefu, Path]) -> None:
    kefu, _ = shop
    other = format_data_keys([("k9", bytes(32))])
    reason = refused(kefu("db", "rotate-keys", KEFU_DATA_KEYS=other))
    assert "KEFU_DATA_KEYS: lacks the key" in reason
    assert other.split(":")[1] not in reason


def test_keys_of_the_environment_are_the_operators_to_change(shop: tuple[Kefu, Path]) -> None:
    kefu, var = shop
    keys = read_secret(var / "secrets.env", "data_keys")
    padded = f"{keys}," + format_data_keys([("spare", bytes(32))])
    done = kefu("db", "rotate-keys", "--new-key", KEFU_DATA_KEYS=padded)
    assert "put a new one in front" in refused(done)
    assert read_secret(var / "secrets.env", "data_keys") == keys
