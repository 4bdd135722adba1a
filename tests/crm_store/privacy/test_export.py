"""The copy that a person gets: all that is theirs, nothing of others, for programs and people."""

import io
import json
import tracemalloc
import zipfile
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import insert, update

from crm_store.asking import AsCustomer, Asker, AsStaff
from crm_store.conversations.service import ConversationService
from crm_store.customers.errors import CustomerNotFound
from crm_store.database import Database
from crm_store.models import Author, Customer, Message, Role
from crm_store.privacy.exporting import SubjectExport
from crm_store.privacy.exporting.chinese import COLUMNS, LISTS, WORDS
from crm_store.privacy.exporting.schema import export_schema
from crm_store.privacy.exporting.words import _ENGLISH, _ENGLISH_LISTS
from crm_store.privacy.personal import exported
from foundation.clock import utc_now
from foundation.errors import NotAllowed
from foundation.ids import new_id
from tests.crm_store.privacy.conftest import ADMIN
from tests.crm_store.privacy.everything import Everything
from tests.factories import as_staff, make_conversation, make_customer, make_order, make_user

_VOID = {"meta"}


class Page(HTMLParser):
    """The page as a browser reads it: its texts, and whether every element is closed."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.texts: list[str] = []
        self.tags: list[str] = []
        self._open: list[str] = []
        self.feed(html)
        self.close()
        assert self._open == []

    def handle_starttag(self, tag: str, attrs: Any) -> None:
        self.tags.append(tag)
        if tag not in {*_VOID, "br"}:
            self._open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self._open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.texts.append(data)

    @property
    def text(self) -> str:
        return " ".join(self.texts)


def export(
    database: Database, customer: UUID, asker: Asker = ADMIN, files: Path = Path("/nowhere")
) -> zipfile.ZipFile:
    made = io.BytesIO()
    with database.reading() as session:
        SubjectExport(session, customer, asker=asker).write(made, files)
    return zipfile.ZipFile(made)


def data_of(archive: zipfile.ZipFile) -> dict[str, Any]:
    data: dict[str, Any] = json.loads(archive.read("data.json"))
    return data


@pytest.fixture
def anna(database: Database) -> Everything:
    with database.transaction() as session:
        return Everything(session, "zephyrine")


def test_it_holds_what_is_the_customers_and_no_more(database: Database) -> None:
    with database.transaction() as session:
        grete, agent = make_customer(session), make_user(session)
        order = make_order(session, grete)
        stranger = make_order(session)
        own = make_conversation(session, customer_id=grete.id, verified_at=utc_now())
        unverified = make_conversation(session, customer_id=grete.id)
        service = ConversationService(session)
        service.post_customer_message(own.id, client_id="a", text="my words")
        service.post_customer_message(unverified.id, client_id="a", text="someone's words")
        service.post_agent_message(
            own.id, asker=as_staff(agent), text="secret", client_id="n", note=True
        )
    archive = export(database, grete.id, AsCustomer(grete.id))
    for name in ("data.json", "index.html"):
        written = archive.read(name).decode()
        assert order.number in written
        assert stranger.number not in written
        assert "my words" in written
        assert "secret" not in written
        assert "someone" not in written


def test_every_list_has_its_rows_and_they_fit_the_schema(
    database: Database, anna: Everything
) -> None:
    archive = export(database, anna.customer_id)
    data, schema = data_of(archive), json.loads(archive.read("schema.json"))
    assert schema == export_schema()
    assert set(schema["required"]) == data.keys()
    for line in exported():
        rows = data[str(line.export)]
        assert rows, line.export
        described = schema["properties"][line.export]["items"]["properties"]
        for row in rows:
            assert row.keys() == described.keys()
            for name, value in row.items():
                assert fits(value, described[name]), f"{line.export}.{name}: {value!r}"
    assert {one["email"] for one in data["customer"]} == {anna.email}


def fits(value: Any, described: dict[str, Any]) -> bool:
    """As much of JSON Schema as the export's schema uses."""
    if "enum" in described:
        return value in described["enum"]
    if "type" not in described:
        return True
    kinds = described["type"] if isinstance(described["type"], list) else [described["type"]]
    python = {
        "string": str,
        "integer": int,
        "number": (int, float),
        "boolean": bool,
        "null": type(None),
    }
    return any(isinstance(value, python[kind]) for kind in kinds)  # type: ignore[arg-type]


def test_what_somebody_wrote_is_text_on_the_page_and_nothing_else(database: Database) -> None:
    evil = "<script>alert(1)</script><img src=x onerror=alert(2)>\"'&\nsecond line"
    with database.transaction() as session:
        customer = make_customer(session, name=evil[:100])
        chat = make_conversation(session, customer_id=customer.id, verified_at=utc_now())
        ConversationService(session).post_customer_message(chat.id, client_id="a", text=evil)
    html = export(database, customer.id).read("index.html").decode()
    page = Page(html)
    assert "<script>alert(1)</script>" in page.text
    assert not {"script", "img", "link", "iframe"} & set(page.tags)
    assert "http" not in html.replace("http-equiv", "")
    assert "default-src 'none'" in html


@pytest.mark.parametrize(
    ("locale", "language", "title"),
    [
        ("en", "en", "Your data"),
        ("de-DE", "en", "Your data"),
        ("zh-CN", "zh-Hans", "您的数据"),
        ("zh_Hans", "zh-Hans", "您的数据"),
    ],
)
def test_it_speaks_the_customers_language(
    database: Database, locale: str, language: str, title: str
) -> None:
    with database.transaction() as session:
        customer = make_customer(session, locale=locale)
    html = export(database, customer.id).read("index.html").decode()
    assert f'<html lang="{language}">' in html
    assert f"<h1>{title}</h1>" in html


def test_long_lists_are_folded_and_empty_ones_only_named(database: Database) -> None:
    with database.transaction() as session:
        customer = make_customer(session)
        for _ in range(11):
            make_order(session, customer)
        for _ in range(3):
            make_conversation(session, customer_id=customer.id, verified_at=utc_now())
    html = export(database, customer.id).read("index.html").decode()
    page = Page(html)
    assert '<a href="#orders">Orders</a> <span class="count">11</span>' in html
    assert '<section id="orders"><details><summary>' in html
    assert '<section id="conversations"><details open><summary>' in html
    assert html.count("<article><details open>") == 3
    assert 'id="returns"' not in html
    (empty,) = [text for text in page.texts if text.startswith("Nothing is kept under")]
    assert ": How our channels know you, " in empty
    assert "Returns, " in empty
    assert "Orders" not in empty


def test_everything_is_translated() -> None:
    assert WORDS.keys() == _ENGLISH.keys()
    assert LISTS.keys() == _ENGLISH_LISTS.keys()
    on_the_page = {name for line in exported() if line.export != "messages" for name in line.shown}
    assert not on_the_page - COLUMNS.keys()
    assert {str(line.export) for line in exported()} - {"messages"} == LISTS.keys()


def test_their_files_come_along(database: Database, anna: Everything, tmp_path: Path) -> None:
    key = anna.keys["attachments"]["id"]
    (tmp_path / str(key)).write_bytes(b"\x89PNG")
    with database.transaction() as session:
        session.execute(update(Customer).values(locale="en"))
    archive = export(database, anna.customer_id, files=tmp_path)
    (name,) = [name for name in archive.namelist() if name.startswith("attachments/")]
    assert name.startswith(f"attachments/{key}/")
    assert archive.read(name) == b"\x89PNG"
    assert archive.testzip() is None


def test_records_that_were_merged_are_theirs_too(database: Database, anna: Everything) -> None:
    merged = data_of(export(database, anna.customer_id))["customer"]
    assert len(merged) == 2


def test_who_may_have_it(database: Database) -> None:
    with database.transaction() as session:
        mine, other = make_customer(session).id, make_customer(session).id
    export(database, mine, AsCustomer(mine))
    export(database, mine, ADMIN)
    with pytest.raises(CustomerNotFound):
        export(database, other, AsCustomer(mine))
    for role in (Role.AGENT, Role.ANALYST):
        with pytest.raises(NotAllowed):
            export(database, mine, AsStaff(new_id(), role))
    with pytest.raises(CustomerNotFound):
        export(database, new_id(), ADMIN)


def test_its_memory_does_not_grow_with_what_was_said(
    sqlite_database: Database, tmp_path: Path
) -> None:
    with sqlite_database.transaction() as session:
        customer = make_customer(session)
        chat = make_conversation(session, customer_id=customer.id, verified_at=utc_now())
        rows = [
            {"conversation_id": chat.id, "seq": n, "author": Author.CUSTOMER, "text": "x" * 2_000}
            for n in range(1, 20_001)
        ]
        session.execute(insert(Message), rows)
    del rows
    with sqlite_database.reading() as session, (tmp_path / "copy.zip").open("wb") as file:
        tracemalloc.start()
        SubjectExport(session, customer.id, asker=ADMIN).write(file, tmp_path)
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
    assert peak < 12_000_000  # of 40 MB of text, written twice
