"""A person takes over: handoff, claim, answer, give back."""

from uuid import uuid4

from tests.gateway.support.double import AssistantDouble, reply
from tests.gateway.support.running import Gateway, StaffClient, Visitor

BRIEF = {"summary": "wants a person"}


def hand_off(assistant: AssistantDouble) -> None:
    assistant.behave = lambda turn: reply(
        "I am passing you on.",
        intent="human_handoff",
        handoff={"reason": "asked", "brief": BRIEF},
    )


def answer(staff: StaffClient, visitor: Visitor, text: str, **more: object) -> int:
    body = {"client_id": uuid4().hex, "text": text, **more}
    return staff.post(f"/conversations/{visitor.conversation_id}/messages", body).status_code


def test_the_whole_way_to_a_person_and_back(gateway: Gateway, assistant: AssistantDouble) -> None:
    hand_off(assistant)
    visitor = gateway.visitor()
    path = f"/conversations/{visitor.conversation_id}"
    with (
        gateway.staff(gateway.access.agent) as staff,
        staff.socket() as watching,
        visitor.socket() as socket,
    ):
        socket.next("owner")
        visitor.say("I want a person")
        assert socket.next("owner")["data"]["kind"] == "queue"
        assert socket.next("queue")["data"]["position"] == 1
        row = watching.next("queue")["data"]
        while row["owner"]["kind"] != "queue":
            row = watching.next("queue")["data"]
        assert row["handoff_reason"] == "asked"
        waiting = staff.get("/conversations", owner="queue", sort="waiting").json()["items"]
        assert [item["id"] for item in waiting] == [str(visitor.conversation_id)]

        assert answer(staff, visitor, "too early") == 409
        detail = staff.post(f"{path}/claim").json()
        assert detail["owner"] == {
            "kind": "agent",
            "user": {"id": staff.user["id"], "name": "Ann Agent"},
        }
        assert detail["brief"]["reason"] == "asked"
        assert detail["brief"]["assistant"] == BRIEF
        assert [event["kind"] for event in detail["events"]][-2:] == ["handed_off", "claimed"]
        assert socket.next("owner")["data"] == {
            "kind": "agent",
            "name": "Ann Agent",
            "status": "open",
            "verified": False,
        }

        assert answer(staff, visitor, "Hello, how can I help?") == 201
        assert answer(staff, visitor, "careful, angry", note=True) == 201
        frame = socket.next("message")
        while frame["data"]["author"] != "agent":
            frame = socket.next("message")
        assert frame["data"]["name"] == "Ann Agent"

        before = len(assistant.requests)
        visitor.say("thank you")
        assert staff.post(f"{path}/release", {"to": "bot"}).json()["owner"]["kind"] == "bot"
        assistant.behave = lambda turn: reply("I am back.")
        visitor.say("hello bot")
        bot = visitor.wait_for(2)[-1]
        assert bot["text"] == "I am back."
        assert len(assistant.requests) == before + 1

        public = [message["text"] for message in visitor.messages()]
        assert "careful, angry" not in public
        everything = staff.get(f"{path}/messages").json()["items"]
        assert "careful, angry" in [message["text"] for message in everything]
        assert everything[0]["nlu"]["intent"] == "human_handoff"
        assert everything[0]["latency_ms"] > 0


def test_only_one_agent_gets_it(gateway: Gateway, assistant: AssistantDouble) -> None:
    visitor = gateway.visitor()
    path = f"/conversations/{visitor.conversation_id}"
    with (
        gateway.staff(gateway.access.agent) as ann,
        gateway.staff(gateway.access.colleague) as cal,
    ):
        assert ann.post(f"{path}/claim").status_code == 200
        refused = cal.post(f"{path}/claim")
        assert refused.status_code == 409
        assert refused.json()["code"] == "conflict"
        assert answer(cal, visitor, "me too") == 409
        given = ann.post(f"{path}/assign", {"user_id": cal.user["id"]}).json()
        assert given["owner"]["user"]["name"] == "Cal Colleague"
        assert answer(cal, visitor, "now me") == 201
        assert [user["name"] for user in cal.get("/users").json()["items"]] == [
            "Ada Admin",
            "Ann Agent",
            "Cal Colleague",
        ]


def test_resolved_and_open_again(gateway: Gateway) -> None:
    visitor = gateway.visitor()
    path = f"/conversations/{visitor.conversation_id}"
    visitor.say("hello")
    visitor.wait_for(1)
    with gateway.staff(gateway.access.agent) as staff:
        staff.post(f"{path}/claim")
        assert staff.post(f"{path}/resolve").json()["status"] == "resolved"
        assert staff.get("/conversations", status="open").json()["items"] == []
        assert staff.post(f"{path}/reopen").json()["status"] == "open"
        staff.post(f"{path}/resolve")
        visitor.say("one more thing")
        visitor.wait_for(2)
        assert staff.get(path).json()["status"] == "open"


def test_an_agents_repeat_is_stored_once(sqlite_gateway: Gateway) -> None:
    visitor = sqlite_gateway.visitor()
    path = f"/conversations/{visitor.conversation_id}"
    with sqlite_gateway.staff(sqlite_gateway.access.agent) as staff:
        staff.post(f"{path}/claim")
        for _ in range(2):
            assert answer(staff, visitor, "hello", client_id="same") == 201
        texts = [m["text"] for m in staff.get(f"{path}/messages").json()["items"]]
    assert texts.count("hello") == 1


def test_transcripts_are_for_admins(gateway: Gateway, assistant: AssistantDouble) -> None:
    assistant.behave = lambda turn: reply("It is on its way", intent="order_status")
    visitor = gateway.visitor()
    visitor.say("where is my blue tent")
    visitor.wait_for(1)
    with gateway.staff(gateway.access.agent) as agent:
        assert agent.get("/transcripts").status_code == 403
    with gateway.staff(gateway.access.admin) as admin:
        found = admin.get("/transcripts", q="BLUE tent", intent="order_status").json()["items"]
        assert [row["conversation_id"] for row in found] == [str(visitor.conversation_id)]
        assert "blue tent" in found[0]["match"]["snippet"]
        assert admin.get("/transcripts", q="red tent").json()["items"] == []
        whole = admin.get(f"/transcripts/{visitor.conversation_id}").json()
        assert [m["author"] for m in whole["messages"]] == ["customer", "bot"]
        assert admin.get("/insights/intents").json()["items"][0]["intent"] == "order_status"
        overview = admin.get("/insights/overview").json()
        assert (overview["conversations"], overview["messages"]) == (1, 1)
        for name in ("sentiment", "containment", "segments", "recommendations"):
            assert admin.get(f"/insights/{name}").status_code == 200


def test_lists_have_items_and_a_cursor(sqlite_gateway: Gateway) -> None:
    with sqlite_gateway.staff(sqlite_gateway.access.agent) as staff:
        for path in ("/conversations", "/customers", "/orders", "/tickets", "/users"):
            assert sqlite_gateway.client.get(f"/api/v1{path}").status_code == 401
            answered = staff.get(path)
            assert answered.status_code == 200
            assert set(answered.json()) == {"items", "next_cursor"}
            if path != "/users":
                assert staff.get(path, cursor="nonsense").status_code == 422
