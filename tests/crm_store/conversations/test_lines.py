"""What the system says is told by a code and its facts, so that a widget can word it."""

import re
from pathlib import Path
from typing import Any

from sqlalchemy.orm import Session

from crm_store.conversations.lines import LineKind
from crm_store.conversations.service import ConversationService
from crm_store.database import Database
from crm_store.models import Author, Message, Owner, Role, Visibility
from tests.factories import as_staff, make_conversation, make_user

WIDGET_DOCS = Path(__file__).parents[3] / "docs" / "widget.md"


def lines(session: Session, conversation: Any) -> list[tuple[Author, Any]]:
    messages: list[Message] = ConversationService(session).messages(
        conversation.id, audience=Visibility.PUBLIC
    )
    return [(message.author, message.payload) for message in messages]


def test_each_change_is_told_with_what_words_for_it_need(database: Database) -> None:
    with database.transaction() as session:
        service = ConversationService(session)
        ann, bob = make_user(session, name="Ann"), make_user(session, name="Bob", role=Role.ADMIN)
        ahead, conversation = make_conversation(session), make_conversation(session)
        service.request_handoff(ahead.id, reason="asked")
        service.request_handoff(conversation.id, reason="asked")
        service.claim(conversation.id, asker=as_staff(ann))
        service.assign(conversation.id, asker=as_staff(ann), to=bob.id)
        service.release(conversation.id, asker=as_staff(bob), to=Owner.QUEUE)
        service.release(conversation.id, asker=as_staff(bob), to=Owner.BOT)
        service.resolve(conversation.id, asker=as_staff(bob))
        service.reopen(conversation.id, asker=as_staff(bob))
        service.close(conversation.id, actor=Author.SYSTEM, inactive=True)
        told = lines(session, conversation)
    assert {author for author, _ in told} == {Author.SYSTEM}
    assert [payload for _, payload in told] == [
        {"event": "handed_off", "position": 2},
        {"event": "claimed", "name": "Ann"},
        {"event": "assigned", "name": "Bob"},
        {"event": "released", "position": 2},
        {"event": "released"},
        {"event": "resolved"},
        {"event": "reopened", "name": "Bob"},
        {"event": "resolved", "reason": "inactive"},
    ]


def test_each_kind_is_in_the_docs() -> None:
    section = WIDGET_DOCS.read_text().split("## Lines of the system")[1].split("\n## ")[0]
    rows = [line.split("|")[1] for line in section.splitlines() if line.startswith("| `")]
    named = {name for row in rows for name in re.findall(r"`([a-z_]+)`", row)}
    assert named - {"payload"} == {kind.value for kind in LineKind}
