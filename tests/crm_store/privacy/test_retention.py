"""Each kind of data ends when it is old enough, in batches, and nothing ends early."""

import os
import sqlite3
import threading
from contextlib import closing
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select, update

from crm_store.attempts import AttemptLimiter
from crm_store.conversations.service import ConversationService
from crm_store.database import Database
from crm_store.jobs import JobKinds, JobRunner, JobService
from crm_store.models import (
    Attempt,
    AuditEntry,
    Conversation,
    Job,
    JobStatus,
    Message,
    Ticket,
    WidgetSession,
)
from crm_store.privacy.retention import job as retention
from crm_store.privacy.retention.defaults import rules_of
from crm_store.privacy.retention.job import RETENTION_KIND, due
from crm_store.sites.identity import HostIdentity, SignedIdentity
from crm_store.sites.replay import use_once
from foundation.clock import utc_now
from foundation.errors import BadSettings
from foundation.settings import Settings
from tests.crm_store.privacy.everything import Everything
from tests.crm_store.privacy.test_outside import readable, remember
from tests.factories import make_conversation, make_customer, make_site


def run(database: Database, settings: Settings, **payload: Any) -> Job:
    with database.transaction() as session:
        job = JobService(session).enqueue("retention", payload)
    kinds = JobKinds.of([RETENTION_KIND])
    return JobRunner(database, settings, kinds).run_job(job.id, stop=threading.Event())


def count(database: Database, model: type[Any]) -> int:
    with database.reading() as session:
        return session.scalar(select(func.count()).select_from(model)) or 0


def quiet_since(database: Database, moment: datetime) -> None:
    with database.transaction() as session:
        session.execute(update(Conversation).values(last_message_at=moment))


class TestRules:
    @pytest.mark.parametrize(
        ("text", "named"),
        [
            ("chat=1d", "chat is none of"),
            ("chats=soon", "chats: a number of days"),
            ("chats=1", "chats: a number of days"),
            ("chats=-1d", "chats: a number of days"),
            ("chats=99999d", "chats: a number of days"),
            ("chats", "chats: a number of days"),
        ],
    )
    def test_what_is_no_rule_is_refused(self, text: str, named: str) -> None:
        with pytest.raises(BadSettings, match=named):
            rules_of(Settings(retention=text, _env_file=None))

    def test_an_operator_may_choose_otherwise(self) -> None:
        rules = rules_of(Settings(retention="chats=90d, audit=never", _env_file=None))
        assert rules["chats"].keep == timedelta(days=90)
        assert rules["audit"].keep is None
        assert rules["orders"].keep == timedelta(days=3653)


class TestEnding:
    def test_a_full_store_of_today_loses_nothing(
        self, database: Database, settings: Settings
    ) -> None:
        with database.transaction() as session:
            Everything(session, "zephyrine")
        assert not any(due(database, settings).values())
        assert run(database, settings).result == {}

    def test_old_chats_go_with_everything_in_them(
        self, database: Database, settings: Settings
    ) -> None:
        with database.transaction() as session:
            anna = Everything(session, "zephyrine")
        chat = str(anna.keys["conversations"]["id"])
        remember(settings.var, chat)
        quiet_since(database, utc_now() - timedelta(days=731))
        assert due(database, settings)["chats"] == 1
        job = run(database, settings)
        assert job.result is not None
        assert job.result["chats"] == 1
        assert (count(database, Conversation), count(database, Message)) == (0, 0)
        assert readable(settings.var) == []
        with database.reading() as session:
            assert session.scalars(select(Ticket.conversation_id)).all() == [None]

    def test_unknown_visitors_are_forgotten_sooner(
        self, database: Database, settings: Settings
    ) -> None:
        with database.transaction() as session:
            known = make_conversation(session, customer_id=make_customer(session).id).id
            make_conversation(session)
        quiet_since(database, utc_now() - timedelta(days=200))
        assert run(database, settings).result == {"visitor_chats": 1}
        with database.reading() as session:
            assert session.scalars(select(Conversation.id)).all() == [known]

    def test_batches_end_all_of_it(
        self, database: Database, settings: Settings, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        with database.transaction() as session:
            for _ in range(7):
                make_conversation(session)
        quiet_since(database, utc_now() - timedelta(days=200))
        monkeypatch.setattr(retention, "_BATCH", 3)
        assert run(database, settings).result == {"visitor_chats": 7}

    def test_what_opens_nothing_any_more_goes(self, database: Database, settings: Settings) -> None:
        with database.transaction() as session:
            AttemptLimiter(session).hit("test", "somebody", limit=5, window_seconds=60)
            service, site = ConversationService(session), make_site(session)
            service.start(site, customer=None, verified_by=None, hours=1)
            started = service.start(site, customer=None, verified_by=None, hours=1)
            visitor = service.by_session_token(started.session_token)[1]
            service.issue_ticket(visitor=visitor)
            signed = SignedIdentity(HostIdentity("c-1", None, None), "jti-1", utc_now())
            use_once(session, site, signed, browser_key=None)
        assert run(database, settings).result == {"used_identities": 1}
        with database.transaction() as session:
            session.execute(update(Attempt).values(at=utc_now() - timedelta(days=3)))
            session.execute(
                update(WidgetSession)
                .where(WidgetSession.conversation_id == started.conversation.id)
                .values(expires_at=utc_now() - timedelta(seconds=1))
            )
        assert run(database, settings).result == {"attempts": 1, "widget_sessions": 1}

    def test_uploads_that_no_message_names_go_with_their_bytes(
        self, database: Database, settings: Settings
    ) -> None:
        with database.transaction() as session:
            chat = make_conversation(session)
            service = ConversationService(session)
            upload = service.add_attachment(
                chat.id, filename="a.png", content_type="image/png", size=1
            )
            upload.created_at = utc_now() - timedelta(days=2)
        folder = settings.var / "attachments"
        folder.mkdir()
        (folder / str(upload.id)).write_bytes(b"x")
        assert run(database, settings).result == {"unsent_uploads": 1}
        assert list(folder.iterdir()) == []

    def test_old_files_and_the_assistants_old_memory_go(
        self, database: Database, settings: Settings
    ) -> None:
        remember(settings.var, "c1")  # saved in 1970
        for folder in ("imports", "exports"):
            old = settings.var / folder / "old"
            old.mkdir(parents=True)
            (old / "rejects.csv").write_text("x")
            long_ago = (utc_now() - timedelta(days=60)).timestamp()
            for path in (old / "rejects.csv", old):
                os.utime(path, (long_ago, long_ago))
            (settings.var / folder / "new").write_text("x")
        ended = run(database, settings).result
        assert ended == {"assistant_memory": 1, "import_files": 1, "export_files": 1}
        assert sorted(p.name for p in (settings.var / "imports").iterdir()) == ["new"]
        with closing(sqlite3.connect(settings.var / "tracker.db")) as connection:
            assert connection.execute("SELECT count(*) FROM trackers").fetchone() == (0,)

    def test_a_rule_of_never_keeps(self, database: Database, tmp_path: Path) -> None:
        with database.transaction() as session:
            make_conversation(session)
        quiet_since(database, utc_now() - timedelta(days=5_000))
        settings = Settings(var=tmp_path / "var", retention="visitor_chats=never", _env_file=None)
        assert due(database, settings)["visitor_chats"] == 0
        assert run(database, settings).result == {}


class TestTheNight:
    def test_what_ended_is_audited_in_numbers(self, database: Database, settings: Settings) -> None:
        with database.transaction() as session:
            make_conversation(session)
        quiet_since(database, utc_now() - timedelta(days=200))
        run(database, settings)
        with database.reading() as session:
            entry = session.scalars(select(AuditEntry)).one()
        assert (entry.action, entry.facts) == ("retention.run", {"visitor_chats": 1})

    def test_a_clock_far_ahead_ends_nothing_by_itself(
        self, database: Database, settings: Settings, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        assert run(database, settings).status is JobStatus.DONE
        with database.transaction() as session:
            make_conversation(session)
        ahead = utc_now() + timedelta(days=3_000)
        monkeypatch.setattr(retention, "utc_now", lambda: ahead)
        job = run(database, settings)
        assert (job.status, job.last_error) == (JobStatus.WAITING, "clock_in_doubt")
        assert count(database, Conversation) == 1
        assert run(database, settings, by_hand=True).result is not None
        assert count(database, Conversation) == 0
