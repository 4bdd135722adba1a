"""The set-up's steps: skipped when done, redone when inputs change, honest when failing."""

import dataclasses
import importlib.util
import sys
from pathlib import Path
from types import ModuleType

import pytest

SCRIPT = Path(__file__).resolve().parents[2] / "deploy" / "setup.py"


@pytest.fixture
def setup(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    spec = importlib.util.spec_from_file_location("kefu_setup", SCRIPT)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    monkeypatch.setitem(sys.modules, "kefu_setup", module)  # dataclasses look their module up
    spec.loader.exec_module(module)
    monkeypatch.setattr(module, "ROOT", tmp_path)
    monkeypatch.setattr(module, "STATE", tmp_path / ".setup")
    (tmp_path / ".setup").mkdir()
    (tmp_path / "lock").write_text("one==1")
    return module


def step(setup: ModuleType, *commands: list[str]) -> object:
    return setup.Step(
        name="demo",
        doing="making the demo",
        inputs=("lock",),
        commands=lambda: list(commands),
        made=(setup.ROOT / "made",),
        cwd=setup.ROOT,
    )


def test_a_step_runs_once(setup: ModuleType, tmp_path: Path) -> None:
    one = step(setup, ["sh", "-c", "echo x >> made"])
    setup.run_steps([one])
    setup.run_steps([one])
    assert (tmp_path / "made").read_text() == "x\n"


def test_a_changed_input_runs_it_again(setup: ModuleType, tmp_path: Path) -> None:
    one = step(setup, ["sh", "-c", "echo x >> made"])
    setup.run_steps([one])
    (tmp_path / "lock").write_text("one==2")
    setup.run_steps([one])
    assert (tmp_path / "made").read_text() == "x\nx\n"


def test_what_was_made_and_is_gone_is_made_again(setup: ModuleType, tmp_path: Path) -> None:
    one = step(setup, ["sh", "-c", "echo x >> made"])
    setup.run_steps([one])
    (tmp_path / "made").unlink()
    setup.run_steps([one])
    assert (tmp_path / "made").exists()


def test_an_interrupted_step_is_not_taken_for_done(setup: ModuleType, tmp_path: Path) -> None:
    broken = step(setup, ["sh", "-c", "echo x >> made"], ["false"])
    with pytest.raises(setup.Missing):
        setup.run_steps([broken])
    assert not broken.is_done()  # type: ignore[attr-defined]
    setup.run_steps([step(setup, ["sh", "-c", "echo y >> made"])])
    assert (tmp_path / "made").read_text() == "x\ny\n"


def test_a_failure_names_its_reason(setup: ModuleType) -> None:
    failing = step(setup, ["sh", "-c", "echo 'ERROR: no matching distribution' >&2; exit 1"])
    with pytest.raises(setup.Missing, match="making the demo failed: ERROR: no matching"):
        setup.run_steps([failing])


def test_a_full_disk_is_named(setup: ModuleType, tmp_path: Path) -> None:
    failing = step(setup, ["sh", "-c", "echo 'OSError: [Errno 28] No space left on device'; false"])
    with pytest.raises(setup.Missing, match=f"the disk that holds {tmp_path} is full"):
        setup.run_steps([failing])


def test_too_little_room_is_named_before_anything_is_installed(
    setup: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    usage = setup.shutil.disk_usage("/")
    monkeypatch.setattr(setup.shutil, "disk_usage", lambda _: usage._replace(free=10**8))
    with pytest.raises(setup.Missing, match=r"has 0\.1 GB free; 0\.5 GB needed"):
        setup.check_machine([])


def test_a_missing_node_is_named(setup: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(setup.shutil, "which", lambda _: None)
    with pytest.raises(setup.Missing, match="Node 20"):
        setup.check_machine([])


def test_another_python_is_named(setup: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(setup.sys, "version_info", (3, 12, 1))
    with pytest.raises(setup.Missing, match=r"Python 3\.11; make was given Python 3\.12\.1"):
        setup.check_machine([])


def test_two_set_ups_do_not_mix(setup: ModuleType) -> None:
    with (
        setup.one_at_a_time(),
        pytest.raises(setup.Missing, match="another set-up"),
        setup.one_at_a_time(),
    ):
        pass


def test_a_tuned_model_stays_until_what_it_was_trained_from_changes(
    setup: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(setup, "PLATFORM", tmp_path / "platform")
    command = tmp_path / "platform" / "bin" / "kefu"
    command.parent.mkdir(parents=True)
    command.write_text('#!/bin/sh\nmkdir -p models && echo "$@" > models/kefu.tar.gz\n')
    command.chmod(0o755)
    config = tmp_path / "config.yml"
    config.write_text("pipeline: []")
    model = tmp_path / "models" / "kefu.tar.gz"

    def set_up() -> str:
        setup.run_steps([dataclasses.replace(setup.model_step(), cwd=tmp_path, made=(model,))])
        return model.read_text()

    assert set_up() == "train --quick\n"
    model.write_text("tuned")
    assert set_up() == "tuned"
    config.write_text("pipeline: [{name: WhitespaceTokenizer}]")
    assert set_up() == "train --quick\n"
