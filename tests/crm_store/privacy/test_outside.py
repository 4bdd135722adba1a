"""What an erasure does beside the database: files, and the assistant's memory."""

import json
import sqlite3
import threading
from collections.abc import Callable, Iterator
from contextlib import closing
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any, ClassVar
from uuid import uuid4

import pytest

from crm_store.database import Database
from crm_store.models import Job
from crm_store.privacy.erasing.assistant import forget_conversations
from crm_store.privacy.erasing.files import delete_attachments, delete_exports, scrub_imports
from crm_store.privacy.errors import AssistantDidNotForget
from foundation.settings import Settings
from tests.crm_store.privacy.everything import Everything

Erase = Callable[[Any], Job]
# As bot/tracker_store.py and bot/event_broker.py make them.
TRACKERS = "CREATE TABLE trackers (sender_id TEXT PRIMARY KEY, events TEXT, saved_at REAL)"
EVENTS = (
    "CREATE TABLE events (id INTEGER PRIMARY KEY, sender_id TEXT, turn_key TEXT, data TEXT,"
    " created REAL)"
)
SECRET = "my secret is zephyrine-confidential"


def remember(var: Path, conversation_id: str) -> None:
    for name, schema, row in (
        ("tracker.db", TRACKERS, (conversation_id, SECRET, 1.0)),
        ("assistant-events.db", EVENTS, (1, conversation_id, "t:0", SECRET, 1.0)),
    ):
        with closing(sqlite3.connect(var / name)) as connection, connection:
            connection.execute("PRAGMA journal_mode=WAL")
            connection.execute(schema)
            table = schema.split()[2]
            marks = ", ".join("?" * len(row))
            connection.execute(f"INSERT INTO {table} VALUES ({marks})", row)


def readable(var: Path) -> list[str]:
    return [p.name for p in var.rglob("*") if p.is_file() and SECRET.encode() in p.read_bytes()]


class _Assistant(BaseHTTPRequestHandler):
    status = 200
    asked: ClassVar[list[dict[str, Any]]] = []

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.asked.append({"path": self.path, "token": self.headers["X-Kefu-Token"], **body})
        self.send_response(self.status)
        self.end_headers()
        self.wfile.write(b"{}")

    def log_message(self, *_: Any) -> None:
        pass


@pytest.fixture
def assistant(settings: Settings) -> Iterator[type[_Assistant]]:
    handler = type("Handler", (_Assistant,), {"asked": []})
    server = HTTPServer(("127.0.0.1", 0), handler)
    settings.rasa_port = server.server_address[1]
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield handler
    server.shutdown()
    thread.join()
    server.server_close()


def test_the_files_of_an_assistant_that_does_not_run_are_cleaned(settings: Settings) -> None:
    remember(settings.var, "c1")
    assert readable(settings.var)
    assert forget_conversations(settings, ["c1", "c2"]) == 2
    assert readable(settings.var) == []


def test_one_that_runs_is_told_as_well(settings: Settings, assistant: type[_Assistant]) -> None:
    ids = [str(number) for number in range(150)]
    forget_conversations(settings, ids)
    assert [one["path"] for one in assistant.asked] == ["/webhooks/kefu/forget"] * 2
    assert [i for one in assistant.asked for i in one["conversation_ids"]] == ids


def test_one_that_refuses_makes_the_job_try_again(
    settings: Settings, assistant: type[_Assistant]
) -> None:
    assistant.status = 503
    with pytest.raises(AssistantDidNotForget):
        forget_conversations(settings, ["c1"])


def test_rows_that_an_import_refused_go(tmp_path: Path) -> None:
    folder = tmp_path / "imports" / "run"
    folder.mkdir(parents=True)
    rejects = folder / "rejects.csv"
    rejects.write_text(
        'name,notes\nHans,"likes\ntents"\n"Anna\nZephyrine",Anna@Example.com\nEva,x\n', "utf-8"
    )
    lines = folder / "report.jsonl"
    lines.write_text('{"name": "M\\u00fcller-Zephyrine"}\n{"name": "Eva"}\n', "utf-8")
    untouched = folder / "other.csv"
    untouched.write_bytes(b"\xff\xfe not text\r\n")
    assert scrub_imports(tmp_path, ["anna@example.com", "Müller-Zephyrine"]) == 2
    assert "Zephyrine" not in rejects.read_text("utf-8")
    assert "likes\ntents" in rejects.read_text("utf-8")
    assert lines.read_text("utf-8") == '{"name": "Eva"}\n'
    assert untouched.read_bytes() == b"\xff\xfe not text\r\n"


def test_attachments_and_exports_go(tmp_path: Path) -> None:
    wanted, other = uuid4(), uuid4()
    for folder in ("attachments", "exports"):
        (tmp_path / folder).mkdir()
        for name in (wanted, other):
            (tmp_path / folder / f"{name}").write_bytes(b"x")
    assert delete_attachments(tmp_path, [wanted, uuid4()]) == 1
    assert delete_exports(tmp_path, [str(wanted)]) == 1
    assert {path.name for path in tmp_path.rglob("*") if path.is_file()} == {str(other)}


def test_an_erasure_does_all_of_it(database: Database, settings: Settings, erase: Erase) -> None:
    with database.transaction() as session:
        anna = Everything(session, "zephyrine")
    var = settings.var
    remember(var, str(anna.keys["conversations"]["id"]))
    (var / "attachments").mkdir()
    (var / "attachments" / str(anna.keys["attachments"]["id"])).write_text(SECRET)
    (var / "exports").mkdir()
    (var / "exports" / f"{anna.customer_id}.zip").write_text(SECRET)
    (var / "imports").mkdir()
    (var / "imports" / "rejects.csv").write_text(f"x\n{anna.email},{SECRET}\n")
    erase(anna.customer_id)
    assert readable(var) == []
