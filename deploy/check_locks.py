"""Check that what is installed in both runtimes is what their lock files name."""

import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
RUNTIMES = {
    ".venv": ["requirements.lock", "requirements-dev.lock"],
    ".venv-assistant": [
        "bot/requirements.lock",
        "bot/requirements-test.lock",
        "bot/requirements-eval.lock",
    ],
}
LIST = (
    "from importlib.metadata import distributions\n"
    "for d in distributions(): print(d.name, d.version)"
)


def canonical(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def locked(files: list[str]) -> dict[str, str]:
    pins = {}
    for file in files:
        for line in (ROOT / file).read_text().splitlines():
            pin = line.split("#")[0].split(";")[0].strip()
            if "==" in pin:
                name, version = pin.split("==")
                pins[canonical(name.split("[")[0])] = version
    return pins


def installed(runtime: str) -> dict[str, str]:
    python = ROOT / runtime / "bin" / "python"
    lines = subprocess.run([python, "-c", LIST], capture_output=True, text=True, check=True).stdout
    return {canonical(name): version for name, version in map(str.split, lines.splitlines())}


def main() -> int:
    wrong = []
    for runtime, files in RUNTIMES.items():
        there = installed(runtime)
        for name, version in locked(files).items():
            found = there.get(name, "nothing").split("+")[0]
            if found != version:
                wrong.append(f"{runtime}: {name} is {found}, {files[0]} says {version}")
    print("\n".join(wrong) or "both runtimes hold what their lock files name")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
