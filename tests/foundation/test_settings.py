from pathlib import Path

import pytest

from foundation.errors import BadSettings
from foundation.secrets import write_missing_secrets
from foundation.settings import load_settings


def test_defaults(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KEFU_VAR", str(tmp_path))
    settings = load_settings(env_file=None)
    assert settings.port == 8080
    assert settings.resolved_database_url == f"sqlite:///{tmp_path}/kefu.db"


def test_a_bad_value_names_the_setting(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KEFU_PORT", "many")
    with pytest.raises(BadSettings, match=r"^KEFU_PORT: .*integer"):
        load_settings(env_file=None)


def test_an_unknown_setting_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KEFU_PROT", "8080")
    with pytest.raises(BadSettings, match="KEFU_PROT: no such setting"):
        load_settings(env_file=None)


def test_an_unknown_setting_in_the_file_is_refused(tmp_path: Path) -> None:
    file = tmp_path / ".env"
    file.write_text("KEFU_PORT=9000\nKEFU_COLOUR=red\n")
    with pytest.raises(BadSettings, match="KEFU_COLOUR"):
        load_settings(env_file=file)


def test_missing_secrets_are_made_once_and_stay_private(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KEFU_VAR", str(tmp_path))
    assert write_missing_secrets(load_settings(env_file=None)) == [
        "KEFU_INTERNAL_TOKEN",
        "KEFU_SECRET_KEYS",
        "KEFU_DATA_KEYS",
    ]
    first = load_settings(env_file=None)
    assert first.internal_token.get_secret_value()
    assert write_missing_secrets(first) == []
    assert first.secrets_file.stat().st_mode & 0o777 == 0o600
    assert first.internal_token.get_secret_value() not in repr(first)


def test_the_environment_wins_over_the_secrets_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KEFU_VAR", str(tmp_path))
    write_missing_secrets(load_settings(env_file=None))
    monkeypatch.setenv("KEFU_INTERNAL_TOKEN", "chosen")
    assert load_settings(env_file=None).internal_token.get_secret_value() == "chosen"


def test_several_gateway_workers_need_redis(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KEFU_GATEWAY_WORKERS", "2")
    with pytest.raises(BadSettings, match=r"KEFU_REDIS_URL: .*KEFU_GATEWAY_WORKERS"):
        load_settings(env_file=None)
    monkeypatch.setenv("KEFU_REDIS_URL", "redis://127.0.0.1:6379")
    assert load_settings(env_file=None).gateway_workers == 2


def test_a_redis_address_is_not_repeated_when_it_is_wrong(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KEFU_REDIS_URL", "http://:hidden@127.0.0.1")
    with pytest.raises(BadSettings, match=r"KEFU_REDIS_URL: .*redis://") as refused:
        load_settings(env_file=None)
    assert "hidden" not in str(refused.value)


def test_a_metrics_token_that_can_be_guessed_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KEFU_METRICS_TOKEN", "short")
    with pytest.raises(BadSettings, match=r"KEFU_METRICS_TOKEN: .*16 characters"):
        load_settings(env_file=None)
