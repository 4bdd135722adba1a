"""`kefu train` and `kefu lint` in a copy of the project, each in a process of its own."""

import io
import json
import os
import shutil
import signal
import subprocess
import sys
import tarfile
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from kefu.model_archive import why_unusable
from tests.fixtures.absent import absent

ROOT = Path(__file__).resolve().parents[2]
OLD = b"the model that serves"

Kefu = Callable[..., subprocess.CompletedProcess[str]]

NLU = """nlu:
- intent: greet
  examples: |
    - hello
    - good morning
- intent: order_status
  examples: |
    - where is my order
    - has my parcel been sent
"""
CONFIG = """recipe: default.v1
assistant_id: small
language: en
pipeline:
  - name: WhitespaceTokenizer
  - name: CountVectorsFeaturizer
  - name: LogisticRegressionClassifier
policies:
  - name: RulePolicy
"""
DOMAIN = """version: "3.1"
intents: [greet, order_status]
responses: {utter_greet: [{text: Hello!}]}
"""
RULES = """version: "3.1"
rules:
  - rule: greet
    steps: [{intent: greet}, {action: utter_greet}]
"""


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """The project with a small assistant in it and an old model that serves."""
    if not (ROOT / ".venv-assistant" / "bin" / "rasa").is_file():
        absent("the assistant runtime is not installed; `make setup` installs it")
    skipped = shutil.ignore_patterns("__pycache__", "domain", "dialogue")
    for package in ("kefu", "bot"):
        shutil.copytree(ROOT / package, tmp_path / package, ignore=skipped)
    for package in ("foundation", "crm_store", "analytics", "gateway", "actions"):
        (tmp_path / package).symlink_to(ROOT / package)
    runtime = tmp_path / ".venv-assistant"
    (runtime / "bin").mkdir(parents=True)
    for name in ("pyvenv.cfg", "lib", "bin/python", "bin/rasa"):
        (runtime / name).symlink_to(ROOT / ".venv-assistant" / name)
    for name, content in {
        "nlu_data/all.yml": NLU,
        "config.yml": CONFIG,
        "bot/domain/all.yml": DOMAIN,
        "bot/dialogue/all.yml": RULES,
    }.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(content)
    (tmp_path / "models").mkdir()
    (tmp_path / "models" / "kefu.tar.gz").write_bytes(OLD)
    return tmp_path


@pytest.fixture
def kefu(copy: Path) -> Kefu:
    environment = {key: value for key, value in os.environ.items() if not key.startswith("KEFU_")}

    def run(*arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "kefu", *arguments],
            cwd=copy,
            env={**environment, "COLUMNS": "200"},
            capture_output=True,
            text=True,
            check=False,
            timeout=240,
        )

    return run


def rasa_that_writes(copy: Path, archive: bytes) -> None:
    """A stand-in for a `rasa train` whose last write did not reach the disk."""
    (copy / "archive").write_bytes(archive)
    rasa = copy / ".venv-assistant" / "bin" / "rasa"
    rasa.unlink()
    rasa.write_text(
        '#!/bin/sh\nwhile [ "$1" != --out ]; do shift; done\ncp archive "$2/kefu.tar.gz"\n'
    )
    rasa.chmod(0o755)


def archive(**members: bytes) -> bytes:
    """A model archive with these files."""
    written = io.BytesIO()
    with tarfile.open(fileobj=written, mode="w:gz") as tar:
        for name, content in members.items():
            member = tarfile.TarInfo(name.replace("__", "/").replace("_json", ".json"))
            member.size = len(content)
            tar.addfile(member, io.BytesIO(content))
    return written.getvalue()


WHOLE = archive(
    components__intent=os.urandom(200_000),
    metadata_json=json.dumps({"predict_schema": {"nodes": {}}}).encode(),
)


@pytest.mark.parametrize(
    ("file", "content", "said"),
    [
        ("nlu_data/all.yml", "", "nlu_data/all.yml:1: the file is empty"),
        ("nlu_data/all.yml", NLU + "- intent: [x\n", "nlu_data/all.yml:11: malformed YAML"),
        (
            "nlu_data/all.yml",
            NLU.replace("    - good morning\n", ""),
            "nlu_data/all.yml:4: the intent 'greet' has a single example",
        ),
        (
            "nlu_data/all.yml",
            NLU.replace("intent: greet", "intent: gret"),
            "nlu_data/all.yml:2: the domain has no intent 'gret'",
        ),
        (
            "config.yml",
            CONFIG.replace(
                "  - name: LogisticRegressionClassifier\n",
                "  - name: bot.components.intent.TransformerIntentClassifier\n"
                "    model: ./encoders/ours\n",
            ),
            "config.yml:8: there is no encoder folder './encoders/ours'",
        ),
    ],
)
def test_training_does_not_begin_with_bad_input(
    kefu: Kefu, copy: Path, file: str, content: str, said: str
) -> None:
    # If training began, this would take the place of the model.
    rasa_that_writes(copy, WHOLE)
    (copy / file).write_text(content)
    done = kefu("train")
    assert done.returncode == 1, (done.stdout, done.stderr)
    last = done.stderr.splitlines()[-1]
    assert last.startswith(f"kefu: {said}"), done.stderr
    assert last.endswith("; the old model stays in service")
    assert (copy / "models" / "kefu.tar.gz").read_bytes() == OLD


def test_every_obstacle_is_named_and_nothing_is_said_of_a_model_that_is_not_there(
    kefu: Kefu, copy: Path
) -> None:
    (copy / "models" / "kefu.tar.gz").unlink()
    (copy / "nlu_data" / "empty.yml").write_text("")
    (copy / "bot" / "dialogue" / "empty.yml").write_text("# nothing\n")
    done = kefu("train")
    assert done.returncode == 1
    assert done.stderr.splitlines() == [
        "nlu_data/empty.yml:1: the file is empty",
        "kefu: bot/dialogue/empty.yml:1: the file is empty (and 1 more)",
    ]


@pytest.mark.parametrize(
    ("made", "said"),
    [
        (WHOLE[: len(WHOLE) // 2], "it is cut short or damaged"),
        (WHOLE[:-4], "it is cut short or damaged"),
        (b"", "it is cut short or damaged"),
        (archive(components__intent=b"weights"), "it has no readable metadata.json"),
    ],
)
def test_a_new_model_that_cannot_be_used_does_not_take_the_old_ones_place(
    kefu: Kefu, copy: Path, made: bytes, said: str
) -> None:
    rasa_that_writes(copy, made)
    done = kefu("train")
    assert done.returncode == 1
    (line,) = done.stderr.splitlines()
    assert line.startswith(f"kefu: the new model cannot be used: {said}")
    assert line.endswith("; the old model stays in service")
    assert (copy / "models" / "kefu.tar.gz").read_bytes() == OLD
    assert [path.name for path in (copy / "models").iterdir()] == ["kefu.tar.gz"]


def test_a_rasa_that_fails_leaves_the_old_model(kefu: Kefu, copy: Path) -> None:
    rasa = copy / ".venv-assistant" / "bin" / "rasa"
    rasa.unlink()
    rasa.write_text("#!/bin/sh\nexit 3\n")
    rasa.chmod(0o755)
    done = kefu("train")
    assert done.returncode == 1
    assert done.stderr == (
        "kefu: rasa train ended with exit code 3; the old model stays in service\n"
    )
    assert (copy / "models" / "kefu.tar.gz").read_bytes() == OLD


@pytest.mark.slow
def test_a_model_that_rasa_trained_takes_the_old_ones_place(kefu: Kefu, copy: Path) -> None:
    done = kefu("train")
    assert done.returncode == 0, done.stderr
    model = copy / "models" / "kefu.tar.gz"
    assert why_unusable(model) is None
    with tarfile.open(model) as tar:
        assert any("LogisticRegressionClassifier" in name for name in tar.getnames())


def test_a_damaged_byte_in_an_archive_is_noticed(tmp_path: Path) -> None:
    model = tmp_path / "model.tar.gz"
    model.write_bytes(WHOLE)
    assert why_unusable(model) is None
    damaged = bytearray(WHOLE)
    damaged[len(damaged) // 2] ^= 0xFF
    model.write_bytes(damaged)
    assert "damaged" in str(why_unusable(model))
    assert "damaged" in str(why_unusable(tmp_path / "absent.tar.gz"))


def test_lint_tells_errors_and_ends_with_1(kefu: Kefu, copy: Path) -> None:
    (copy / "nlu_data" / "all.yml").write_text(NLU + "    - Hello!\n")
    done = kefu("lint", "--fast")
    assert done.returncode == 1
    assert "nlu_data/all.yml:10: error duplicate: 'Hello!' under 'order_status'" in done.stdout
    found = json.loads(kefu("lint", "--fast", "--json").stdout)
    assert found["errors"] == 1
    (copy / "nlu_data" / "all.yml").write_text(NLU)
    assert kefu("lint", "--fast").returncode == 0


TUNED = """recipe: default.v1
assistant_id: small
language: en
pipeline:
  - name: WhitespaceTokenizer
  - name: bot.components.intent.TransformerIntentClassifier
    tune: true
policies:
  - name: RulePolicy
"""


def rasa_that_keeps_its_configuration(copy: Path, *, tuned: bool = False) -> None:
    """A stand-in for `rasa train` that keeps what it was told to train from."""
    described = {"predict_schema": {"nodes": {"intent": {"config": {"tune": tuned}}}}}
    (copy / "archive").write_bytes(archive(metadata_json=json.dumps(described).encode()))
    rasa = copy / ".venv-assistant" / "bin" / "rasa"
    rasa.unlink()
    rasa.write_text(
        "#!/bin/sh\n"
        'echo "$OMP_NUM_THREADS $(nice) $PWD $TMPDIR $MALLOC_TRIM_THRESHOLD_" > told\n'
        'while [ "$1" != --config ]; do shift; done; cat "$2" > trained.yml\n'
        'while [ "$1" != --out ]; do shift; done; cp archive "$2/kefu.tar.gz"\n'
    )
    rasa.chmod(0o755)


@pytest.mark.parametrize(
    ("options", "tuned", "said"),
    [
        ((), True, "trained models/kefu.tar.gz, tuned, in 0 min "),
        (("--quick",), False, "trained models/kefu.tar.gz, quick (`kefu train` tunes it), in 0 "),
    ],
)
def test_quick_trains_the_same_without_tuning(
    kefu: Kefu, copy: Path, options: tuple[str, ...], tuned: bool, said: str
) -> None:
    (copy / "config.yml").write_text(TUNED)
    rasa_that_keeps_its_configuration(copy, tuned=tuned)
    done = kefu("train", *options)
    assert done.returncode == 0, done.stderr
    assert f"tune: {str(tuned).lower()}" in (copy / "trained.yml").read_text()
    assert done.stdout.startswith(said)
    assert done.stdout.endswith("a running assistant takes it within seconds\n")
    assert (copy / "config.yml").read_text() == TUNED
    threads, niceness, folder, scratch = (copy / "told").read_text().split()
    # Paths in the configuration are read from the project's folder, wherever the copy lies.
    assert folder == str(copy)
    assert (int(threads), int(niceness)) == (os.cpu_count(), os.nice(0))
    assert Path(scratch).parent == copy / "models"
    assert [path.name for path in (copy / "models").iterdir()] == ["kefu.tar.gz"]


def test_in_the_background_it_leaves_a_processor_and_has_the_lowest_priority(
    kefu: Kefu, copy: Path
) -> None:
    rasa_that_keeps_its_configuration(copy)
    assert kefu("train", "--background").returncode == 0
    threads, niceness, _, _, keeps_free = (copy / "told").read_text().split()
    assert int(keeps_free) <= 64 << 20
    assert int(threads) == max(1, (os.cpu_count() or 1) - 1)
    assert int(niceness) == 19


def test_one_that_is_ended_leaves_nothing_half_done(copy: Path) -> None:
    left = copy / "models" / ".training-killed"
    left.mkdir()
    (left / "kefu.tar.gz").write_bytes(b"half")
    rasa = copy / ".venv-assistant" / "bin" / "rasa"
    rasa.unlink()
    rasa.write_text("#!/bin/sh\necho $$ > pid\nmktemp\nexec sleep 600\n")
    rasa.chmod(0o755)
    process = subprocess.Popen(
        [sys.executable, "-m", "kefu", "train"],
        cwd=copy,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    )
    deadline = time.monotonic() + 60
    while not (copy / "pid").is_file() or not (copy / "pid").read_text():
        assert time.monotonic() < deadline
        time.sleep(0.05)
    assert not left.exists()
    process.send_signal(signal.SIGTERM)
    _, said = process.communicate(timeout=30)
    assert process.returncode == 1
    assert said == (
        "kefu: the training was ended before it was done; the old model stays in service\n"
    )
    with pytest.raises(ProcessLookupError):
        os.kill(int((copy / "pid").read_text()), 0)
    assert (copy / "models" / "kefu.tar.gz").read_bytes() == OLD
    assert [path.name for path in (copy / "models").iterdir()] == ["kefu.tar.gz"]


def test_doctor_tells_a_quick_model_from_a_tuned_and_a_damaged_one(kefu: Kefu, copy: Path) -> None:
    def found() -> tuple[bool, str]:
        items = json.loads(kefu("doctor", "--json").stdout)["items"]
        return next((one["ok"], one["detail"]) for one in items if one["what"] == "trained model")

    (copy / "config.yml").write_text(TUNED)
    ok, said = found()
    assert not ok
    assert said.startswith("it is cut short or damaged")
    for tuned, said in ((False, "quick: `kefu train` tunes it"), (True, "tuned")):
        rasa_that_keeps_its_configuration(copy, tuned=tuned)
        assert kefu("train").returncode == 0
        assert found() == (True, said)
