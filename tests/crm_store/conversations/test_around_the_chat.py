"""What surrounds a chat: visitors' own words, forms, greetings, messages left, waiting, grades."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import func, select

from crm_store.conversations.errors import DeskOpen, FormAnswered, FormNotFound
from crm_store.conversations.service import ConversationService
from crm_store.conversations.waiting import LOOKED_BACK, WaitEstimate
from crm_store.database import Database
from crm_store.models import (
    Author,
    Conversation,
    Customer,
    Message,
    Owner,
    Ticket,
    Turn,
    Visibility,
    VisitorDetail,
)
from crm_store.sites.settings import Greeting
from foundation.clock import utc_now
from foundation.errors import InvalidFields
from tests.factories import (
    as_staff,
    make_calendar,
    make_conversation,
    make_customer,
    make_site,
    make_user,
)
from tests.factories.widget import FORM, GREETING

CLOSED: dict[str, Any] = {"hours": {"mon": [["00:00", "00:01"]]}}


def test_a_visitors_word_proves_nothing(database: Database) -> None:
    with database.transaction() as session:
        known = make_customer(session, email="ann@shop.example")
        conversation = make_conversation(session)
        service = ConversationService(session)
        service.note_answers(conversation.id, {"email": "ann@shop.example", "vip": True})
        service.note_page(conversation.id, path="/cart?token=secret#x", title="Cart\x00")
        service.set_attributes(conversation.id, {"plan": "gold", "visits": 3, "beta": True})
        service.set_attributes(conversation.id, {"visits": None})
        service.set_locale(conversation.id, "zh-CN")
    with database.reading() as session:
        service = ConversationService(session)
        detail = service.visitor_detail(conversation.id)
        stored = session.get_one(Conversation, conversation.id)
        assert detail is not None
        assert detail.answers == {"email": "ann@shop.example", "vip": True}
        assert detail.page == {"path": "/cart", "title": "Cart"}
        assert detail.attributes == {"plan": "gold", "beta": True}
        assert (stored.customer_id, stored.verified_at, stored.locale) == (None, None, "zh-CN")
        assert session.scalar(select(func.count()).select_from(Customer)) == 1
        assert known.email == service.address_of(conversation.id)  # mail about this chat only


def test_a_verified_customers_own_address_comes_first(database: Database) -> None:
    with database.transaction() as session:
        customer = make_customer(session, email="own@shop.example")
        conversation = make_conversation(
            session, customer_id=customer.id, verified_at=utc_now(), verified_by="host"
        )
        unproven = make_conversation(session, customer_id=customer.id)
        service = ConversationService(session)
        service.note_answers(conversation.id, {"email": "typed@shop.example"})
        assert service.address_of(conversation.id) == "own@shop.example"
        assert service.address_of(unproven.id) is None


def test_what_visitors_say_is_encrypted(database: Database) -> None:
    with database.transaction() as session:
        conversation = make_conversation(session)
        ConversationService(session).note_answers(conversation.id, {"email": "ann@shop.example"})
        raw = session.connection().exec_driver_sql("SELECT answers FROM visitor_details").scalar()
    assert "ann" not in str(raw)


@pytest.mark.parametrize(
    "wrong",
    [
        {"a" * 41: 1},
        {"": 1},
        {"deep": {"er": 1}},
        {"long": "x" * 201},
        {"n": float("inf")},
        {f"a{i}": i for i in range(21)},
    ],
)
def test_attributes_stay_small(database: Database, wrong: dict[str, Any]) -> None:
    with database.transaction() as session:
        conversation = make_conversation(session)
        with pytest.raises(InvalidFields):
            ConversationService(session).set_attributes(conversation.id, wrong)
        assert session.scalar(select(VisitorDetail.attributes)) is None


def test_a_form_is_answered_once(database: Database) -> None:
    with database.transaction() as session:
        agent = make_user(session)
        site = make_site(session, settings={"forms": [FORM]})
        conversation = make_conversation(session, site_id=site.id, locale="zh-CN")
        service = ConversationService(session)
        service.claim(conversation.id, asker=as_staff(agent))
        with pytest.raises(FormNotFound):
            service.post_form(
                conversation.id, asker=as_staff(agent), form_id="x", text=None, client_id="a"
            )
        sent = service.post_form(
            conversation.id, asker=as_staff(agent), form_id="callback", text=None, client_id="a"
        )
        assert (sent.text, sent.payload and sent.payload["form"]["submit"]) == ("请回电", "发送")
        with pytest.raises(InvalidFields) as refused:
            service.answer_form(
                conversation.id, client_id="c", form_id="callback", values={"phone": "me"}
            )
        assert list(refused.value.fields) == ["phone"]
        answer = {"phone": "+49 30 1234567", "when": "at noon"}
        posted = service.answer_form(
            conversation.id, client_id="c", form_id="callback", values=answer
        )
        again = service.answer_form(
            conversation.id, client_id="c", form_id="callback", values=answer
        )
        with pytest.raises(FormAnswered):
            service.answer_form(conversation.id, client_id="d", form_id="callback", values=answer)
    assert (posted.created, again.created) == (True, False)
    assert posted.message.text == "电话: +49 30 1234567\nWhen: at noon"
    with database.reading() as session:
        form = session.get_one(Message, sent.id).payload
        assert form is not None
        assert form["form"]["answered"] is True
        stored = session.get_one(Message, posted.message.id).payload
        assert stored is not None
        assert stored["form_answer"]["values"] == answer


def test_a_greeting_goes_before_the_first_message_only(database: Database) -> None:
    greeting = Greeting.model_validate(GREETING)
    with database.transaction() as session:
        conversation = make_conversation(session, locale="zh-CN")
        service = ConversationService(session)
        noted = service.note_greeting(conversation.id, greeting)
        service.post_customer_message(conversation.id, client_id="a", text="Yes")
        assert service.note_greeting(conversation.id, greeting) is None
        said = service.messages(conversation.id, audience=Visibility.PUBLIC)
    assert noted is not None
    assert [(m.seq, m.author, m.text) for m in said] == [
        (1, Author.BOT, "在找帐篷吗？"),
        (2, Author.CUSTOMER, "Yes"),
    ]


def test_a_message_left_becomes_one_ticket(database: Database) -> None:
    with database.transaction() as session:
        never = make_calendar(session, **CLOSED)
        site = make_site(session, calendar_id=never.id)
        conversation = make_conversation(session, site_id=site.id)
        at = utc_now().replace(hour=12)
        service = ConversationService(session)
        words: dict[str, Any] = {
            "client_id": "a",
            "email": "ann@shop.example",
            "name": "Ann",
            "text": "Call me",
        }
        first = service.leave_message(conversation.id, **words, at=at)
        again = service.leave_message(conversation.id, **words, at=at)
        assert (first.posted.created, again.posted.created) == (True, False)
        assert first.ticket.id == again.ticket.id
        assert session.scalar(select(func.count()).select_from(Ticket)) == 1
        assert session.scalar(select(func.count()).select_from(Turn)) == 0
        assert first.ticket.customer_id is None
        assert "ann@" not in first.ticket.subject + first.ticket.body
        detail = service.visitor_detail(conversation.id)
        assert detail is not None
        assert detail.answers == {"email": "ann@shop.example", "name": "Ann"}


@pytest.mark.parametrize(
    ("hours", "settings"),
    [
        (None, {}),
        (
            {
                day: [["00:00", "24:00"]]
                for day in ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
            },
            {},
        ),
        (CLOSED["hours"], {"offline_form": False}),
    ],
)
def test_nothing_is_left_where_people_answer(
    database: Database, hours: dict[str, Any] | None, settings: dict[str, Any]
) -> None:
    with database.transaction() as session:
        calendar = make_calendar(session, hours=hours).id if hours else None
        site = make_site(session, calendar_id=calendar, settings=settings)
        conversation = make_conversation(session, site_id=site.id)
        with pytest.raises(DeskOpen):
            ConversationService(session).leave_message(
                conversation.id,
                client_id="a",
                email="a@b.example",
                name=None,
                text="x",
                at=utc_now().replace(hour=12),
            )
        assert session.scalar(select(func.count()).select_from(Message)) == 0


def test_the_wait_is_estimated_from_recent_claims(database: Database) -> None:
    with database.transaction() as session:
        agent, service = as_staff(make_user(session)), ConversationService(session)
        for _ in range(4):
            waiting = make_conversation(
                session, owner=Owner.QUEUE, queued_at=utc_now() - timedelta(minutes=9)
            )
            assert WaitEstimate(session).seconds(1) is None or _ == 3
            service.claim(waiting.id, asker=agent)
        service.claim(make_conversation(session).id, asker=agent)  # never waited
        soon = WaitEstimate(session, clock=lambda: utc_now() + timedelta(minutes=20))
        assert (soon.seconds(1), soon.seconds(3)) == (300, 900)
        later = WaitEstimate(session, clock=lambda: utc_now() + LOOKED_BACK + timedelta(minutes=1))
        assert later.seconds(1) is None


@pytest.mark.parametrize(
    ("actor", "spoke", "asked"),
    [
        (Author.CUSTOMER, True, True),
        (Author.AGENT, True, True),
        (Author.SYSTEM, True, False),
        (Author.CUSTOMER, False, False),
    ],
)
def test_a_grade_is_asked_for_after_a_real_exchange(
    database: Database, actor: Author, spoke: bool, asked: bool
) -> None:
    with database.transaction() as session:
        agent = as_staff(make_user(session))
        conversation = make_conversation(session)
        service = ConversationService(session)
        service.post_customer_message(conversation.id, client_id="a", text="Hello")
        if spoke:
            service.claim(conversation.id, asker=agent)
            service.post_agent_message(conversation.id, asker=agent, text="Hi", client_id="b")
        if actor is Author.AGENT:
            service.resolve(conversation.id, asker=agent)
        else:
            service.close(conversation.id, actor=actor)
        closed = session.get_one(Conversation, conversation.id)
        assert service.asks_rating(closed) is asked
        service.set_csat(conversation.id, score=5, comment=None)
        assert not service.asks_rating(closed)
