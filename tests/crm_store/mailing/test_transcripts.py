"""A transcript by e-mail, taken by a real SMTP server on this machine."""

from collections.abc import Iterator
from email.message import EmailMessage
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
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
from tests.fixtures.mail import SENDER, Mailbox, receiving_mail


@pytest.fixture
def mailbox() -> Iterator[Mailbox]:
    with receiving_mail() as mailbox:
        yield mailbox


def settings_for(port: int, tmp_path: Path) -> Settings:
    return load_settings(env_file=None, var=tmp_path / "var", **Mailbox(port).settings)


def said_in_chat(database: Database, **given: Any) -> UUID:
    with database.transaction() as session:
        conversation = make_conversation(session, **given)
        service = ConversationService(session)
        service.post_customer_message(conversation.id, client_id="a", text="<b>Hello</b> & bye")
        return conversation.id


def run(database: Database, settings: Settings) -> int:
    return JobRunner(database, settings, JobKinds.of([TRANSCRIPT_KIND])).run_due()


def test_it_goes_to_the_verified_customer_alone(
    database: Database, mailbox: Mailbox, tmp_path: Path
) -> None:
    settings = settings_for(mailbox.port, tmp_path)
    with database.transaction() as session:
        customer = make_customer(session, email="own@shop.example").id
    chat = said_in_chat(database, customer_id=customer, verified_at=utc_now(), verified_by="host")
    with database.transaction() as session:
        ConversationService(session).note_answers(chat, {"email": "typed@shop.example"})
    ask_for_transcript(database, settings, chat, format="html")
    with database.reading() as session:
        assert "@" not in str(session.scalars(select(Job.payload)).one())
    assert run(database, settings) == 1
    [(recipients, message)] = mailbox.taken
    assert recipients == ["own@shop.example"]
    assert message["From"] == SENDER
    text, page = message.get_body(("plain",)), message.get_body(("html",))
    assert text is not None
    assert "Customer: <b>Hello</b> & bye" in text.get_content()
    assert page is not None
    assert "&lt;b&gt;Hello&lt;/b&gt; &amp; bye" in page.get_content()


def test_a_guest_gets_it_at_the_address_that_they_gave(
    sqlite_database: Database, mailbox: Mailbox, tmp_path: Path
) -> None:
    settings, chat = settings_for(mailbox.port, tmp_path), said_in_chat(sqlite_database)
    with pytest.raises(NoAddress):
        ask_for_transcript(sqlite_database, settings, chat, format="text")
    with sqlite_database.transaction() as session:
        ConversationService(session).note_answers(chat, {"email": "guest@shop.example"})
    ask_for_transcript(sqlite_database, settings, chat, format="text")
    run(sqlite_database, settings)
    [(recipients, message)] = mailbox.taken
    assert recipients == ["guest@shop.example"]
    assert message.get_content_type() == "text/plain"


def test_nobodys_mailbox_is_flooded(
    sqlite_database: Database, mailbox: Mailbox, tmp_path: Path
) -> None:
    settings = settings_for(mailbox.port, tmp_path)
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
    assert (len(mailbox.taken), refused) == (5, 4)


def test_an_absent_server_is_tried_again(
    sqlite_database: Database, mailbox: Mailbox, tmp_path: Path
) -> None:
    chat = said_in_chat(sqlite_database)
    with sqlite_database.transaction() as session:
        ConversationService(session).note_answers(chat, {"email": "guest@shop.example"})
    ask_for_transcript(sqlite_database, settings_for(mailbox.port, tmp_path), chat, format="text")
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
