"""A chat that the worker closes is told to its customer and to staff."""

from datetime import timedelta

from sqlalchemy import update

from crm_store.conversations.inactive import close_one
from crm_store.models import Conversation
from foundation.clock import utc_now
from tests.gateway.support.running import Gateway


def test_who_is_there_sees_it_at_once_and_is_not_asked_for_a_grade(gateway: Gateway) -> None:
    visitor = gateway.visitor()
    visitor.say("Hello")
    visitor.wait_for(1)
    with gateway.database.transaction() as session:
        session.execute(
            update(Conversation).values(last_message_at=utc_now() - timedelta(hours=80))
        )
    with gateway.staff(gateway.access.agent) as agent, agent.socket() as console:
        console.next("presence")
        with visitor.socket(last_seq=visitor.messages()[-1]["seq"]) as socket:
            assert socket.next("owner")["data"]["status"] == "open"
            # Another process does this.
            before = utc_now() - timedelta(hours=72)
            assert close_one(gateway.database, visitor.conversation_id, before=before)
            line = socket.next("message", seconds=20)["data"]
            assert line["payload"] == {"event": "resolved", "reason": "inactive"}
            assert socket.next("owner")["data"]["status"] == "resolved"
        assert console.next("message", seconds=20)["data"]["id"] == line["id"]
        row = console.next("queue")["data"]
        assert (row["id"], row["status"]) == (str(visitor.conversation_id), "resolved")
    answer = gateway.client.get("/api/v1/widget/messages", headers=visitor.headers).json()
    assert answer["conversation"]["asks_rating"] is False
    again = visitor.say("I am back")
    assert again.status_code == 201
    visitor.wait_for(2)
