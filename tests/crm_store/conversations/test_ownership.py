"""Who owns a conversation."""

from collections.abc import Callable
from uuid import UUID

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.orm import Session

from crm_store.conversations.errors import ConversationNotFound, NotTheOwner
from crm_store.conversations.service import ConversationService
from crm_store.database import Database
from crm_store.models import (
    Author,
    Conversation,
    ConversationStatus,
    Interaction,
    Message,
    Owner,
    Role,
    Visibility,
)
from foundation.clock import utc_now
from foundation.errors import Conflict, Invalid, KefuError
from foundation.ids import new_id
from tests.factories import as_staff, make_conversation, make_customer, make_user


def last_line(session: Session, conversation_id: UUID) -> Message:
    return ConversationService(session).messages(conversation_id, audience=Visibility.PUBLIC)[-1]


def test_an_agent_claims_from_the_bot(database: Database) -> None:
    with database.transaction() as session:
        service, ada = ConversationService(session), make_user(session, name="Ada")
        conversation_id = make_conversation(session).id
        claimed = service.claim(conversation_id, asker=as_staff(ada))
        assert (claimed.owner, claimed.owner_user_id, claimed.version) == (
            Owner.AGENT,
            ada.id,
            1,
        )
        line = last_line(session, conversation_id)
        assert (line.author, line.text) == (Author.SYSTEM, "Ada is here for you now.")
        assert service.claim(conversation_id, asker=as_staff(ada)).version == 1  # nothing to change
        with pytest.raises(Conflict):
            service.claim(conversation_id, asker=as_staff(make_user(session)))


def test_the_customer_is_told_the_queue_position(database: Database) -> None:
    with database.transaction() as session:
        service = ConversationService(session)
        ids = [make_conversation(session).id for _ in range(3)]
        for conversation_id in ids:
            service.request_handoff(conversation_id, reason="asked", brief={"goal": "refund\x00"})
        assert [service.queue_position(i) for i in ids] == [1, 2, 3]
        assert "next in line" in last_line(session, ids[0]).text
        assert "number 3 in line" in last_line(session, ids[2]).text
        service.claim(ids[0], asker=as_staff(make_user(session)))
        assert [service.queue_position(i) for i in ids] == [0, 1, 2]
        waiting = session.get_one(Conversation, ids[1])
        assert (waiting.handoff_reason, waiting.handoff_brief) == ("asked", {"goal": "refund"})


def test_asking_again_keeps_the_place_in_line(database: Database) -> None:
    with database.transaction() as session:
        service, conversation_id = ConversationService(session), make_conversation(session).id
        first = service.request_handoff(conversation_id, reason="asked", brief={}).queued_at
        again = service.request_handoff(conversation_id, reason="again", brief={})
        assert (again.queued_at, again.version, again.last_seq) == (first, 1, 1)


def test_an_agent_gives_it_back(database: Database) -> None:
    with database.transaction() as session:
        service, ada = ConversationService(session), make_user(session)
        conversation_id = make_conversation(session).id
        service.claim(conversation_id, asker=as_staff(ada))
        queued = service.release(conversation_id, asker=as_staff(ada), to=Owner.QUEUE)
        assert (queued.owner, queued.owner_user_id) == (Owner.QUEUE, None)
        assert queued.queued_at is not None
        freed = service.release(conversation_id, asker=as_staff(ada), to=Owner.BOT)
        assert (freed.owner, freed.queued_at) == (Owner.BOT, None)
        with pytest.raises(Invalid):
            service.release(conversation_id, asker=as_staff(ada), to=Owner.AGENT)


def test_what_another_agent_has_only_an_admin_moves(database: Database) -> None:
    with database.transaction() as session:
        service = ConversationService(session)
        ada, bob, chief = (
            make_user(session),
            make_user(session),
            make_user(session, role=Role.ADMIN),
        )
        conversation_id = make_conversation(session).id
        service.claim(conversation_id, asker=as_staff(ada))
        acts: list[Callable[[], object]] = [
            lambda: service.assign(conversation_id, asker=as_staff(bob), to=bob.id),
            lambda: service.release(conversation_id, asker=as_staff(bob), to=Owner.BOT),
            lambda: service.resolve(conversation_id, asker=as_staff(bob)),
        ]
        for act in acts:
            with pytest.raises(NotTheOwner):
                act()
        assert (
            service.assign(conversation_id, asker=as_staff(chief), to=bob.id).owner_user_id
            == bob.id
        )
        assert (
            service.resolve(conversation_id, asker=as_staff(chief)).status
            is ConversationStatus.RESOLVED
        )


def test_nothing_is_assigned_to_a_disabled_user(database: Database) -> None:
    with database.transaction() as session:
        gone = make_user(session, disabled_at=utc_now())
        with pytest.raises(Conflict):
            ConversationService(session).assign(
                make_conversation(session).id, asker=as_staff(make_user(session)), to=gone.id
            )


def test_a_resolved_conversation_is_reopened_before_anything_else(database: Database) -> None:
    with database.transaction() as session:
        service, ada = ConversationService(session), make_user(session)
        conversation_id = make_conversation(session).id
        service.resolve(conversation_id, asker=as_staff(ada))
        with pytest.raises(Conflict):
            service.claim(conversation_id, asker=as_staff(ada))
        with pytest.raises(Conflict):
            service.request_handoff(conversation_id, reason="asked", brief={})
        reopened = service.reopen(conversation_id, asker=as_staff(ada))
        assert (reopened.status, reopened.owner_user_id, reopened.resolved_at) == (
            ConversationStatus.OPEN,
            ada.id,
            None,
        )


def test_every_change_is_an_event_and_on_the_timeline(database: Database) -> None:
    with database.transaction() as session:
        service, ada, customer = (
            ConversationService(session),
            make_user(session),
            make_customer(session),
        )
        conversation_id = make_conversation(
            session, customer_id=customer.id, verified_at=utc_now(), verified_by="host"
        ).id
        service.request_handoff(conversation_id, reason="asked", brief={})
        service.claim(conversation_id, asker=as_staff(ada))
        service.release(conversation_id, asker=as_staff(ada), to=Owner.BOT)
        service.resolve(conversation_id, asker=as_staff(ada))
        events = service.events(conversation_id)
        kinds = ["handed_off", "claimed", "released", "resolved"]
        assert [event.kind for event in events] == kinds
        assert [event.user_id for event in events] == [None, ada.id, ada.id, ada.id]
        timeline = session.scalars(select(Interaction).order_by(Interaction.at, Interaction.id))
        assert [entry.data["event"] for entry in timeline if entry.data] == kinds


def test_an_unverified_visitor_puts_nothing_on_a_timeline(database: Database) -> None:
    with database.transaction() as session:
        conversation_id = make_conversation(session, customer_id=make_customer(session).id).id
        ConversationService(session).request_handoff(conversation_id, reason="asked", brief={})
        assert session.scalars(select(Interaction)).all() == []


def test_an_absent_conversation_is_not_found(database: Database) -> None:
    with database.transaction() as session, pytest.raises(ConversationNotFound):
        ConversationService(session).claim(new_id(), asker=as_staff(make_user(session)))


ACTS = ["claim", "assign", "to_queue", "to_bot", "resolve", "reopen", "handoff", "write"]


@settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(st.lists(st.tuples(st.sampled_from(ACTS), st.integers(0, 2)), max_size=12))
def test_whatever_is_done_in_any_order_the_state_stays_sound(
    database: Database, acts: list[tuple[str, int]]
) -> None:
    with database.transaction() as session:
        users = [make_user(session), make_user(session), make_user(session, role=Role.ADMIN)]
        conversation_id = make_conversation(session).id
    versions, seqs = [0], [0]
    for number, (act, who) in enumerate(acts):
        user = users[who]
        try:
            with database.transaction() as session:
                service = ConversationService(session)
                match act:
                    case "claim":
                        service.claim(conversation_id, asker=as_staff(user))
                    case "assign":
                        service.assign(
                            conversation_id, asker=as_staff(user), to=users[(who + 1) % 3].id
                        )
                    case "to_queue":
                        service.release(conversation_id, asker=as_staff(user), to=Owner.QUEUE)
                    case "to_bot":
                        service.release(conversation_id, asker=as_staff(user), to=Owner.BOT)
                    case "resolve":
                        service.resolve(conversation_id, asker=as_staff(user))
                    case "reopen":
                        service.reopen(conversation_id, asker=as_staff(user))
                    case "handoff":
                        service.request_handoff(conversation_id, reason="asked", brief={})
                    case _:
                        service.post_customer_message(
                            conversation_id, client_id=str(number), text="hi"
                        )
        except KefuError:
            pass  # refused by the rules; the checks below hold all the same
        with database.reading() as session:
            now = session.get_one(Conversation, conversation_id)
            stored = ConversationService(session).messages(
                conversation_id, audience=Visibility.NOTE
            )
            events = ConversationService(session).events(conversation_id)
        assert (now.owner is Owner.AGENT) == (now.owner_user_id is not None)
        assert (now.owner is Owner.QUEUE) == (now.queued_at is not None)
        assert (now.status is ConversationStatus.RESOLVED) == (now.resolved_at is not None)
        assert now.status is not ConversationStatus.RESOLVED or now.owner is Owner.BOT
        assert [m.seq for m in stored] == list(range(1, now.last_seq + 1))
        assert len(events) == now.version
        assert now.version >= versions[-1]
        assert now.last_seq >= seqs[-1]
        versions.append(now.version)
        seqs.append(now.last_seq)
