"""Set up what is missing: both runtimes, the web build, the trained model.

Runs before anything is installed, so it uses the standard library only. Each step leaves a stamp
with a digest of what it was made from: a second run skips it, an interrupted one goes on where it
stopped, a changed lock file or training file does just its own step again.
"""

import argparse
import fcntl
import hashlib
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
STATE = ROOT / ".setup"
PLATFORM = ROOT / ".venv"
ASSISTANT = ROOT / ".venv-assistant"
FREE_GB_NEEDED = 6
QUIET_ENVIRONMENT = {
    "RASA_TELEMETRY_ENABLED": "false",
    "HF_HUB_OFFLINE": "1",
    "TF_CPP_MIN_LOG_LEVEL": "2",
    "PIP_DISABLE_PIP_VERSION_CHECK": "1",
}
# The browser, and letters for the Chinese pages that it takes pictures of.
BROWSER = ("chromium", "fonts-wqy-microhei")
CHROMIUM_PLACES = ("/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome")


class Missing(Exception):
    """The set-up cannot go on; the message is the one line that people see."""


@dataclass(frozen=True)
class Step:
    """One thing to have: what it depends on, how to make it, how to know that it is there."""

    name: str
    doing: str
    inputs: tuple[str, ...]
    commands: Callable[[], list[list[str]]]
    made: tuple[Path, ...] = ()
    cwd: Path = ROOT

    @property
    def stamp(self) -> Path:
        return STATE / f"{self.name}.stamp"

    @property
    def log(self) -> Path:
        return STATE / f"{self.name}.log"

    def digest(self) -> str:
        total = hashlib.sha256()
        for path in sorted(set(_files(self.inputs))):
            total.update(str(path.relative_to(ROOT)).encode())
            total.update(path.read_bytes())
        return total.hexdigest()

    def is_done(self) -> bool:
        return (
            all(path.exists() for path in self.made)
            and self.stamp.is_file()
            and self.stamp.read_text() == self.digest()
        )

    def run(self) -> None:
        digest = self.digest()
        self.stamp.unlink(missing_ok=True)
        with self.log.open("w") as log:
            for command in self.commands():
                self._run_one(command, log)
        self.stamp.write_text(digest)

    def _run_one(self, command: list[str], log: object) -> None:
        environment = {**os.environ, **QUIET_ENVIRONMENT}
        result = subprocess.run(
            command,
            cwd=self.cwd,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=log,  # type: ignore[arg-type]
            stderr=subprocess.STDOUT,
            check=False,
        )
        if result.returncode:
            raise Missing(f"{self.doing} failed: {_reason(self.log)} (all of it: {self.log})")


def _files(patterns: tuple[str, ...]) -> Iterator[Path]:
    for pattern in patterns:
        for path in ROOT.glob(pattern):
            if path.is_file() and not {"node_modules", "dist", "__pycache__"} & set(path.parts):
                yield path


def _reason(log: Path) -> str:
    text = log.read_text(errors="replace")
    if "No space left on device" in text:
        return f"the disk that holds {ROOT} is full"
    lines = [line.strip() for line in text.replace("\r", "\n").splitlines() if line.strip()]
    errors = [line for line in lines if "error" in line.lower()]
    return (errors or lines or ["it printed nothing"])[-1][:300]


def _venv(folder: Path) -> list[list[str]]:
    if (folder / "bin" / "python").exists():
        return []
    return [[sys.executable, "-m", "venv", str(folder)]]


def _pip(folder: Path, *arguments: str) -> list[str]:
    return [str(folder / "bin" / "python"), "-m", "pip", "install", "--no-input", *arguments]


def platform_step() -> Step:
    return Step(
        name="platform",
        doing="installing the platform runtime",
        inputs=("requirements.lock", "pyproject.toml"),
        commands=lambda: [
            *_venv(PLATFORM),
            _pip(PLATFORM, "--no-deps", "-r", "requirements.lock"),
            _pip(PLATFORM, "--no-deps", "-e", "."),
        ],
        made=(PLATFORM / "bin" / "kefu",),
    )


def assistant_step(torch_index: str) -> Step:
    lock = [*("--no-deps", "--ignore-requires-python"), "-r", "bot/requirements.lock"]

    def commands() -> list[list[str]]:
        steps = _venv(ASSISTANT)
        if torch_index:
            torch = next(
                line.strip()
                for line in (ROOT / "bot/requirements.lock").read_text().splitlines()
                if line.startswith("torch==")
            )
            steps.append(_pip(ASSISTANT, "--no-deps", "--index-url", torch_index, torch))
        check = "import torch, transformers, rasa; print(torch.__version__)"
        return [
            *steps,
            _pip(ASSISTANT, *lock),
            [str(ASSISTANT / "bin" / "python"), "-c", check],
        ]

    return Step(
        name="assistant",
        doing="installing the assistant runtime (2.8 GB; minutes)",
        inputs=("bot/requirements.lock",),
        commands=commands,
        made=(ASSISTANT / "bin" / "rasa",),
    )


def development_steps() -> list[Step]:
    return [
        Step(
            name="platform-dev",
            doing="installing the development tools",
            inputs=("requirements-dev.lock",),
            commands=lambda: [_pip(PLATFORM, "--no-deps", "-r", "requirements-dev.lock")],
            made=(PLATFORM / "bin" / "pytest",),
        ),
        Step(
            name="assistant-dev",
            doing="installing the assistant's test tools",
            inputs=("bot/requirements-test.lock", "bot/requirements-eval.lock"),
            commands=lambda: [
                _pip(
                    ASSISTANT,
                    *("--no-deps", "-r", "bot/requirements-test.lock"),
                    *("-r", "bot/requirements-eval.lock"),
                )
            ],
            made=(ASSISTANT / "bin" / "pytest",),
        ),
    ]


def spark_step() -> Step:
    return Step(
        name="platform-spark",
        doing="installing pyspark (0.5 GB; minutes)",
        inputs=("requirements-spark.lock",),
        commands=lambda: [_pip(PLATFORM, "--no-deps", "-r", "requirements-spark.lock")],
    )


def web_step() -> Step:
    return Step(
        name="web",
        doing="building the widget and the console",
        inputs=("web/package-lock.json", "web/**/*"),
        commands=lambda: [
            ["npm", "ci", "--no-audit", "--no-fund"],
            ["npm", "run", "build"],
        ],
        made=(ROOT / "web/widget/dist/kefu-widget.js", ROOT / "web/console/dist/index.html"),
        cwd=ROOT / "web",
    )


def model_step() -> Step:
    return Step(
        name="model",
        doing="training the assistant, quickly (minutes)",
        inputs=("config.yml", "nlu_data/**/*", "bot/domain/*", "bot/dialogue/*", "bot/**/*.py"),
        # The tuned model comes later: `kefu up` trains it in the background.
        commands=lambda: [[str(PLATFORM / "bin" / "kefu"), "train", "--quick"]],
        made=(ROOT / "models/kefu.tar.gz",),
    )


def check_machine(steps: list[Step]) -> None:
    """Raise Missing, naming the first thing that this machine lacks."""
    if sys.version_info[:2] != (3, 11):
        found = ".".join(map(str, sys.version_info[:3]))
        raise Missing(f"Kefu needs Python 3.11; make was given Python {found}")
    node = shutil.which("node")
    if node is None or shutil.which("npm") is None:
        raise Missing("Kefu needs Node 20 with npm, which is not on the PATH")
    version = subprocess.run([node, "--version"], capture_output=True, text=True, check=True)
    if int(version.stdout.strip().lstrip("v").split(".")[0]) < 20:
        raise Missing(f"Kefu needs Node 20 or newer; found {version.stdout.strip()}")
    free_gb = shutil.disk_usage(ROOT).free / 1e9
    installs = any(step.name == "assistant" and not step.is_done() for step in steps)
    needed = FREE_GB_NEEDED if installs else 0.5
    if free_gb < needed:
        raise Missing(f"the disk that holds {ROOT} has {free_gb:.1f} GB free; {needed} GB needed")


def ensure_chromium() -> None:
    """Have Debian's chromium for the browser tests, or say what to install."""
    places = (os.environ.get("KEFU_CHROMIUM", ""), *CHROMIUM_PLACES)
    if any(place and Path(place).exists() for place in places):
        return
    if shutil.which("apt-get") and os.geteuid() == 0:
        print("  … installing Debian's chromium", flush=True)
        for command in (["update"], ["install", "-y", "--no-install-recommends", *BROWSER]):
            subprocess.run(
                ["apt-get", "-qq", *command],
                env={**os.environ, "DEBIAN_FRONTEND": "noninteractive"},
                stdout=subprocess.DEVNULL,
                check=False,
            )
    if not any(place and Path(place).exists() for place in places):
        message = "no chromium: install the package 'chromium', or set KEFU_CHROMIUM to one"
        if os.environ.get("CI"):
            raise Missing(message)
        print(f"  ! {message}; the browser tests will be skipped", flush=True)


@contextmanager
def one_at_a_time() -> Iterator[None]:
    STATE.mkdir(exist_ok=True)
    with (STATE / "lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise Missing("another set-up is at work in this folder; wait for it") from None
        yield


def run_steps(steps: list[Step]) -> None:
    for step in steps:
        if step.is_done():
            print(f"  ✓ {step.name}", flush=True)
            continue
        print(f"  … {step.doing}", flush=True)
        begun = time.monotonic()
        step.run()
        print(f"  ✓ {step.name} ({time.monotonic() - begun:.0f} s)", flush=True)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("purpose", choices=["run", "check", "test", "spark"])
    parser.add_argument("--torch-index", default=os.environ.get("TORCH_INDEX", ""))
    arguments = parser.parse_args()
    if arguments.purpose == "spark":
        steps = [platform_step(), *development_steps()[:1], spark_step()]
    else:
        steps = [platform_step(), assistant_step(arguments.torch_index)]
    if arguments.purpose in {"check", "test"}:
        steps += development_steps()
    if arguments.purpose in {"run", "test"}:
        steps += [web_step(), model_step()]
    print(f"Kefu set-up ({arguments.purpose})", flush=True)
    try:
        with one_at_a_time():
            check_machine(steps)
            run_steps(steps)
            if arguments.purpose == "test":
                ensure_chromium()
    except Missing as missing:
        print(f"set-up stopped: {missing}", file=sys.stderr)
        return 1
    except OSError as error:
        print(f"set-up stopped: {error.strerror}: {error.filename or ROOT}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("\nset-up interrupted; run it again to go on from here", file=sys.stderr)
        return 130
    return 0


if __name__ == "__main__":
    sys.exit(main())
