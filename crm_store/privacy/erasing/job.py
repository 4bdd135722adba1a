"""The erasure itself: a job that can be killed anywhere and goes on from there.

Who is to be erased is found once, at the beginning, and kept with the job, encrypted, until the
end: half-way through, the database no longer knows.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from crm_store.asking import Asker, AsSystem
from crm_store.audit import record
from crm_store.crypto.lookup import required_keyring
from crm_store.database import Database
from crm_store.jobs import JobContext, JobKind
from crm_store.models import AssistantEvent, Attachment, Conversation, WidgetSession
from crm_store.privacy.erasing.assistant import forget_conversations
from crm_store.privacy.erasing.files import delete_attachments, delete_exports, scrub_imports
from crm_store.privacy.erasing.overwrite import overwrite_deleted
from crm_store.privacy.erasing.rows import erase_rows, make_nobody
from crm_store.privacy.erasing.service import ERASURE
from crm_store.privacy.erasing.verify import find_remains
from crm_store.privacy.identifiers import Identifiers, identifiers_of, records_of
from crm_store.privacy.ledger import LEDGER_FILE, ErasureLedger
from crm_store.privacy.personal import in_order_of_erasure
from crm_store.privacy.tombstones import set_tombstones
from foundation.clock import utc_now
from foundation.settings import Settings

_SEALED_AS = "jobs.state"
_SYSTEM: Asker = AsSystem("erasure")


@dataclass(frozen=True)
class _Person:
    """Who is being erased, and where they were."""

    records: tuple[UUID, ...]
    identifiers: Identifiers
    conversations: tuple[str, ...]
    attachments: tuple[UUID, ...]

    def seal(self, database: Database) -> str:
        """Encrypted, for the job's state."""
        content = {
            "records": [str(one) for one in self.records],
            "identifiers": self.identifiers.as_dict(),
            "conversations": self.conversations,
            "attachments": [str(one) for one in self.attachments],
        }
        keyring = required_keyring(database.engine.dialect)
        return keyring.seal(json.dumps(content), _SEALED_AS)

    @classmethod
    def open(cls, database: Database, sealed: str) -> "_Person":
        """Back from the job's state."""
        content = json.loads(required_keyring(database.engine.dialect).open(sealed, _SEALED_AS))
        return cls(
            tuple(map(UUID, content["records"])),
            Identifiers.from_dict(content["identifiers"]),
            tuple(content["conversations"]),
            tuple(map(UUID, content["attachments"])),
        )


def erase(context: JobContext) -> dict[str, Any]:
    """Run, or go on with, one erasure; returns the receipt: counts by table, and what was found."""
    state = context.state
    if "receipt" in state:
        return dict(state["receipt"])
    if not state:
        person = _begin(context)
        if person is None:
            return {"already": "erased"}
        state = {"person": person.seal(context.database), "done": [], "counts": {}}
        context.save(state)
    person = _Person.open(context.database, state["person"])
    steps = _steps(context, person)
    for number, (name, step) in enumerate(steps):
        context.progress(number, len(steps) + 1)
        if name in state["done"]:
            continue
        count = step()
        state["done"].append(name)
        if count:
            state["counts"][name] = state["counts"].get(name, 0) + count
        context.save(state)
    context.progress(len(steps), len(steps) + 1)
    findings = find_remains(context.database, person.identifiers, step=context.check)
    receipt = {"rows": state["counts"], "remains": findings.as_dict()}
    with context.database.transaction() as session:
        target = context.payload["customer_id"]
        record(session, _SYSTEM, "customer.erased", "customer", target, receipt)
    # The person goes from the job, too.
    context.save({"receipt": receipt})
    return receipt


def _begin(context: JobContext) -> _Person | None:
    """Find the person, and set the tombstones before anything goes; None when they are gone."""
    customer_id = UUID(context.payload["customer_id"])
    with context.database.transaction() as session:
        records = records_of(session, customer_id)
        if not records:
            return None
        person = _find(session, records)
        stones = set_tombstones(
            session,
            person.identifiers,
            erasure_id=UUID(context.payload["erasure_id"]),
            at=utc_now(),
        )
    ErasureLedger(context.settings.var / LEDGER_FILE).add(stones)
    return person


def _find(session: Session, records: Sequence[UUID]) -> _Person:
    chats = session.scalars(
        select(Conversation.id).where(Conversation.customer_id.in_(records))
    ).all()
    attachments = session.scalars(
        select(Attachment.id)
        .join(Conversation, Conversation.id == Attachment.conversation_id)
        .where(Conversation.customer_id.in_(records))
    ).all()
    return _Person(
        tuple(records),
        identifiers_of(session, records),
        tuple(str(chat) for chat in chats),
        tuple(attachments),
    )


def _steps(context: JobContext, person: _Person) -> list[tuple[str, Any]]:
    """What is to be done, in order, each harmless when repeated."""
    database, settings = context.database, context.settings

    def rows(line: Any) -> Any:
        def step() -> int:
            with database.transaction() as session:
                return erase_rows(session, line, person.records)

        return step

    return [
        ("shut_out", lambda: _shut_out(database, person)),
        ("assistant", lambda: forget_conversations(settings, person.conversations)),
        *((line.table, rows(line)) for line in in_order_of_erasure()),
        ("left_behind", lambda: _left_behind(database, settings, person)),
        ("attachment_files", lambda: delete_attachments(settings.var, person.attachments)),
        (
            "export_files",
            lambda: delete_exports(settings.var, person.identifiers.customer_ids),
        ),
        (
            "import_rows",
            lambda: scrub_imports(
                settings.var, (*person.identifiers.certain, *person.identifiers.full_names)
            ),
        ),
        ("overwrite", lambda: overwrite_deleted(database, step=context.check)),
    ]


def _shut_out(database: Database, person: _Person) -> int:
    """Whoever is in a conversation of theirs can write nothing more there."""
    with database.transaction() as session:
        gone = session.execute(
            delete(WidgetSession)
            .where(WidgetSession.conversation_id.in_(map(UUID, person.conversations)))
            .returning(WidgetSession.id)
            .execution_options(synchronize_session=False)
        )
        make_nobody(session)
        return len(gone.all())


def _left_behind(database: Database, settings: Settings, person: _Person) -> int:
    """What a turn that was under way has written since."""
    gone = forget_conversations(settings, person.conversations)
    with database.transaction() as session:
        events = session.execute(
            delete(AssistantEvent)
            .where(AssistantEvent.conversation_id.in_(map(UUID, person.conversations)))
            .returning(AssistantEvent.id)
            .execution_options(synchronize_session=False)
        )
        return gone + len(events.all())


ERASURE_KIND = JobKind(ERASURE, erase, attempts=20)
