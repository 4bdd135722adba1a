"""`kefu import` and `kefu export` as an operator types them."""

import json
import os
import signal
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
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
    for path, complaint in (
        (folder / "no.csv", "no such file"),
        (folder, "a folder, and a file is expected"),
        (Path(os.devnull), "a pipe or a device"),
    ):
        assert f"{path}: {complaint}" in refused(kefu("import", str(path), "--as", "customers"))
    assert "customers" in refused(kefu("import", str(empty), "--as", "shoes"))
    assert "customers" in refused(kefu("export", "shoes", "--to", str(folder / "a.csv")))
    assert kefu("import", str(empty)).returncode == 2
    bad_day = kefu("export", "customers", "--to", str(folder / "a.csv"), "--since", "soon")
    assert bad_day.returncode == 2


def test_the_report_names_columns_left_out_and_keeps_paths_whole(shop: tuple[Kefu, Path]) -> None:
    kefu, folder = shop
    path = folder / "wide.csv"
    odd = [f"odd{number}" for number in range(12)]
    path.write_text(
        f"id,name,email,phone,{','.join(odd)}\n"
        f"W-1,Wim   Berg,wim@example.com,,{','.join('x' * 12)}\n"
        f"W-2,Wes,nope,,{','.join('x' * 12)}\n",
        encoding="utf-8",
    )
    arguments = ("import", str(path), "--as", "customers", "--region", "DE", "--dry-run")
    assert printed(kefu(*arguments, "--json"))["columns_left_out"] == odd
    lines = kefu(*arguments, COLUMNS="60").stdout.splitlines()
    assert f"columns left out: {', '.join(odd[:10])} and 2 more" in lines
    assert [line for line in lines if line.startswith("rejected rows") and "rejects.csv" in line]
    # The rule's explanation goes on under itself, not under the rule's name.
    rule = next(place for place, line in enumerate(lines) if "whitespace" in line)
    assert lines[rule + 1].startswith(" " * 15)


def test_options_go_before_a_mapping_file(shop: tuple[Kefu, Path]) -> None:
    kefu, folder = shop
    path = folder / "semicolons.txt"
    path.write_text("a;b\nD-1;Dora, the first\n", encoding="utf-8")
    mapping = folder / "commas.yml"
    mapping.write_text("columns: {a: external_id, b: name}\ndelimiter: ','\n", encoding="utf-8")
    arguments = ("import", str(path), "--as", "customers", "--map", str(mapping), "--json")
    given = ("--format", "csv", "--delimiter", ";", "--header", "--dry-run")
    assert printed(kefu(*arguments, *given))["created"] == 1


def test_ctrl_c_tells_that_the_import_goes_on(shop: tuple[Kefu, Path]) -> None:
    _, folder = shop
    path = folder / "many.csv"
    rows = (f"M-{number},Mia,m{number}@example.com\n" for number in range(400_000))
    path.write_text("id,name,email\n" + "".join(rows), encoding="utf-8")
    environment = {key: value for key, value in os.environ.items() if not key.startswith("KEFU_")}
    running = subprocess.Popen(
        [sys.executable, "-m", "kefu", "import", str(path), "--as", "customers"],
        cwd=ROOT,
        env={**environment, "KEFU_VAR": str(folder / "var")},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    deadline = time.monotonic() + 60
    with closing(sqlite3.connect(folder / "var" / "kefu.db", timeout=10)) as store:
        while time.monotonic() < deadline:
            (there,) = store.execute(
                "SELECT count(*) FROM customers WHERE external_id LIKE 'M-%'"
            ).fetchone()
            if there:
                break
            time.sleep(0.05)
    running.send_signal(signal.SIGINT)
    _, told = running.communicate(timeout=60)
    assert running.returncode == 130
    assert "the same command goes on from there" in told
    assert "Traceback" not in told


def test_a_folder_that_is_not_there_is_one_line(shop: tuple[Kefu, Path]) -> None:
    kefu, folder = shop
    nowhere = folder / "nowhere" / "out.csv"
    assert "nowhere" in refused(kefu("export", "customers", "--to", str(nowhere)))
