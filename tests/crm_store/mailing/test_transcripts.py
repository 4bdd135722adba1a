"""A transcript by e-mail, taken by a real SMTP server on this machine."""

import socket
from collections.abc import Iterator
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import Envelope
from sqlalchemy import select

from crm_store.conversations.service import ConversationService
from crm_store.database import Database
from crm_store.jobs import JobKinds, JobRunner
from crm_store.mailing.sending import MailNotSent, NoMailServer, send
from crm_store.mailing.transcripts import TRANSCRIPT_KIND, NoAddress, ask_for_transcript
from crm_store.models import Job, JobStatus
from foundation.clock import utc_now
from foundation.errors import TooManyAttempts
from foundation.settings import Settings, load_settings
from tests.factories import make_conversation, make_customer


class Mailbox:
    """What the server took."""

    def __init__(self) -> None:
        self.taken: list[tuple[list[str], EmailMessage]] = []

    async def handle_DATA(  # noqa: N802  # the library's name
        self, _server: Any, _session: Any, envelope: Envelope
    ) -> str:
        content = envelope.content
        assert isinstance(content, bytes)
        message = message_from_bytes(content, policy=default)
        assert isinstance(message, EmailMessage)
        self.taken.append((list(envelope.rcpt_tos), message))
        return "250 taken"


@pytest.fixture
def mailbox() -> Iterator[tuple[Mailbox, int]]:
    mailbox = Mailbox()
    with socket.socket() as free:  # the controller calls its own port, so it must be known
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    controller = Controller(mailbox, hostname="127.0.0.1", port=port)
    controller.start()
    try:
        yield mailbox, port
    finally:
        controller.stop()


def settings_for(port: int, tmp_path: Path) -> Settings:
    return load_settings(
        env_file=None,
        var=tmp_path / "var",
        smtp_url=f"smtp://127.0.0.1:{port}",
        mail_from="Lantern & Pine <help@shop.example>",
    )


def said_in_chat(database: Database, **given: Any) -> UUID:
    with database.transaction() as session:
        conversation = make_conversation(session, **given)
        service = ConversationService(session)
        service.post_customer_message(conversation.id, client_id="a", text="<b>Hello</b> & bye")
        return conversation.id


def run(database: Database, settings: Settings) -> int:
    return JobRunner(database, settings, JobKinds.of([TRANSCRIPT_KIND])).run_due()


def test_it_goes_to_the_verified_customer_alone(
    database: Database, mailbox: tuple[Mailbox, int], tmp_path: Path
) -> None:
    box, port = mailbox
    settings = settings_for(port, tmp_path)
    with database.transaction() as session:
        customer = make_customer(session, email="own@shop.example").id
    chat = said_in_chat(database, customer_id=customer, verified_at=utc_now(), verified_by="host")
    with database.transaction() as session:
        ConversationService(session).note_answers(chat, {"email": "typed@shop.example"})
    ask_for_transcript(database, settings, chat, format="html")
    with database.reading() as session:
        assert "@" not in str(session.scalars(select(Job.payload)).one())
    assert run(database, settings) == 1
    [(recipients, message)] = box.taken
    assert recipients == ["own@shop.example"]
    assert message["From"] == "Lantern & Pine <help@shop.example>"
    text, page = message.get_body(("plain",)), message.get_body(("html",))
    assert text is not None
    assert "Customer: <b>Hello</b> & bye" in text.get_content()
    assert page is not None
    assert "&lt;b&gt;Hello&lt;/b&gt; &amp; bye" in page.get_content()


def test_a_guest_gets_it_at_the_address_that_they_gave(
    sqlite_database: Database, mailbox: tuple[Mailbox, int], tmp_path: Path
) -> None:
    box, port = mailbox
    settings, chat = settings_for(port, tmp_path), said_in_chat(sqlite_database)
    with pytest.raises(NoAddress):
        ask_for_transcript(sqlite_database, settings, chat, format="text")
    with sqlite_database.transaction() as session:
        ConversationService(session).note_answers(chat, {"email": "guest@shop.example"})
    ask_for_transcript(sqlite_database, settings, chat, format="text")
    run(sqlite_database, settings)
    [(recipients, message)] = box.taken
    assert recipients == ["guest@shop.example"]
    assert message.get_content_type() == "text/plain"


def test_nobodys_mailbox_is_flooded(
    sqlite_database: Database, mailbox: tuple[Mailbox, int], tmp_path: Path
) -> None:
    box, port = mailbox
    settings = settings_for(port, tmp_path)
    refused = 0
    for _ in range(3):
        chat = said_in_chat(sqlite_database)
        with sqlite_database.transaction() as session:
            ConversationService(session).note_answers(chat, {"email": "victim@shop.example"})
        for _ in range(3):
            try:
                ask_for_transcript(sqlite_database, settings, chat, format="text")
            except TooManyAttempts:
                refused += 1
            run(sqlite_database, settings)
    assert (len(box.taken), refused) == (5, 4)


def test_an_absent_server_is_tried_again(
    sqlite_database: Database, mailbox: tuple[Mailbox, int], tmp_path: Path
) -> None:
    _, port = mailbox
    chat = said_in_chat(sqlite_database)
    with sqlite_database.transaction() as session:
        ConversationService(session).note_answers(chat, {"email": "guest@shop.example"})
    ask_for_transcript(sqlite_database, settings_for(port, tmp_path), chat, format="text")
    run(sqlite_database, settings_for(1, tmp_path))  # nobody listens there
    with sqlite_database.reading() as session:
        job = session.scalars(select(Job)).one()
        assert (job.status, job.attempts) == (JobStatus.WAITING, 1)
        assert "guest@" not in str(job.last_error)


def test_without_a_server_it_says_so(sqlite_database: Database, tmp_path: Path) -> None:
    settings = load_settings(env_file=None, var=tmp_path / "var")
    chat = said_in_chat(sqlite_database)
    with pytest.raises(NoMailServer):
        ask_for_transcript(sqlite_database, settings, chat, format="text")
    with pytest.raises(NoMailServer):
        send(settings, EmailMessage())
    message = EmailMessage()
    message["To"] = "guest@shop.example"
    with pytest.raises(MailNotSent) as failed:
        send(settings_for(1, tmp_path), message)
    assert "@" not in str(failed.value)
