"""`kefu import` and `kefu export` as an operator types them."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.kefu.test_cli import Kefu, printed, refused, runner

ROOT = Path(__file__).resolve().parents[2]
PEOPLE = "id,name,email\nC-1,Anna Berg,anna@example.com\nC-2,Ben,nope\n"


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> tuple[Kefu, Path]:
    """An empty store that these tests share."""
    folder = tmp_path_factory.mktemp("shop")
    kefu = runner(folder / "var")
    done = kefu("db", "upgrade")
    assert done.returncode == 0, done.stderr
    return kefu, folder


def test_a_file_goes_in_and_comes_out_again(shop: tuple[Kefu, Path]) -> None:
    kefu, folder = shop
    path = folder / "people.csv"
    path.write_text(PEOPLE, encoding="utf-8")
    dry: dict[str, Any] = printed(
        kefu("import", str(path), "--as", "customers", "--dry-run", "--json")
    )
    assert (dry["created"], dry["rejected"]) == (1, 1)
    report = printed(kefu("import", str(path), "--as", "customers", "--json"))
    assert {
        "read": 2, "created": 1, "updated": 0, "unchanged": 0, "rejected": 1,
        "possible_duplicates": 0,
    }.items() <= report.items()  # fmt: skip
    assert Path(report["reject_file"]).read_text(encoding="utf-8").startswith("id,name,email,")
    told = kefu("import", str(path), "--as", "customers")
    assert told.returncode == 0, told.stderr
    assert "unchanged" in told.stdout
    out = folder / "out.csv"
    assert printed(kefu("export", "customers", "--to", str(out), "--json"))["rows"] == 1
    again = printed(kefu("import", str(out), "--as", "customers", "--json"))
    assert (again["unchanged"], again["reject_file"]) == (1, None)


def test_a_doubtful_mapping_is_refused_and_can_be_written_down(shop: tuple[Kefu, Path]) -> None:
    kefu, folder = shop
    path = folder / "odd.csv"
    path.write_text("a,b\nC-9,Carl\n", encoding="utf-8")
    assert "doubtful" in refused(kefu("import", str(path), "--as", "customers", "--json"))
    proposed = kefu("import", str(path), "--as", "customers", "--propose")
    assert proposed.stdout.startswith("# DOUBTFUL")
    mapping = folder / "map.yml"
    mapping.write_text("columns: {a: external_id, b: name}\n", encoding="utf-8")
    arguments = ("import", str(path), "--as", "customers", "--map", str(mapping), "--json")
    assert printed(kefu(*arguments))["created"] == 1


def test_stdin_is_a_file_too(shop: tuple[Kefu, Path]) -> None:
    _, folder = shop
    environment = {key: value for key, value in os.environ.items() if not key.startswith("KEFU_")}
    done = subprocess.run(
        [sys.executable, "-m", "kefu", "import", "-", "--as", "customers", "--json"],
        cwd=ROOT,
        env={**environment, "KEFU_VAR": str(folder / "var")},
        input='{"id": "S-1", "name": "Sam"}\n',
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["created"] == 1
    assert list((folder / "var" / "imports").glob("stdin-*")) == []


def test_what_cannot_be_is_one_line(shop: tuple[Kefu, Path]) -> None:
    kefu, folder = shop
    empty = folder / "empty.csv"
    empty.write_bytes(b"")
    assert "empty" in refused(kefu("import", str(empty), "--as", "customers"))
    assert "no such file" in refused(kefu("import", str(folder / "no.csv"), "--as", "customers"))
    assert "customers" in refused(kefu("import", str(empty), "--as", "shoes"))
    assert "customers" in refused(kefu("export", "shoes", "--to", str(folder / "a.csv")))
    assert kefu("import", str(empty)).returncode == 2
    bad_day = kefu("export", "customers", "--to", str(folder / "a.csv"), "--since", "soon")
    assert bad_day.returncode == 2
