"""What the shop says first reaches its customer, and nobody else."""

from datetime import timedelta
from typing import Any

from crm_store.asking import AsSystem
from crm_store.customers.service import CustomerService
from crm_store.models import Purpose
from crm_store.privacy.consent import ConsentService
from crm_store.sites.service import SiteService
from foundation.clock import utc_now
from tests.gateway.support.running import Gateway, Visitor, wait_until

TEXTS = {"en": "Your tent is back in stock"}


def signed_in(gateway: Gateway, subject: str) -> tuple[Visitor, str]:
    """A customer whom the shop vouches for, and their id."""
    with gateway.database.transaction() as session:
        sites = SiteService(session)
        token = sites.sign_identity(
            sites.by_key("demo-shop"),
            subject=subject,
            email=f"{subject}@shop.example",
            name=subject,
        )
    visitor = gateway.visitor(identity=token)
    with gateway.staff(gateway.access.agent) as agent:
        shown = agent.get(f"/conversations/{visitor.conversation_id}").json()
    customer: dict[str, Any] = shown["customer"]
    return visitor, customer["id"]


def consent(gateway: Gateway, customer_id: str) -> None:
    with gateway.database.transaction() as session:
        asker = AsSystem("a test")
        customer = CustomerService(session).search(asker=asker).items
        found = next(one for one in customer if str(one.id) == customer_id)
        ConsentService(session).decide(
            found.id, Purpose.MARKETING_CHAT, granted=True, source="chat", asker=asker
        )


def test_it_arrives_in_an_open_chat_and_the_answer_is_noted(gateway: Gateway) -> None:
    (visitor, customer_id), (other, _) = signed_in(gateway, "ann"), signed_in(gateway, "bob")
    consent(gateway, customer_id)
    with gateway.staff(gateway.access.agent) as agent, visitor.socket() as socket:
        asked = agent.post("/outreach", {"customer_id": customer_id, "texts": TEXTS})
        assert asked.status_code == 201, asked.text
        said = socket.next("message", seconds=20)["data"]
        assert (said["author"], said["text"]) == ("bot", TEXTS["en"])
        assert said["payload"]["outreach"]["id"] == asked.json()["id"]
        visitor.say("Great")
        [found] = agent.get("/outreach", customer_id=customer_id).json()["items"]
        assert (found["status"], found["answered_at"] is not None) == ("delivered", True)
        late = agent.post(f"/outreach/{found['id']}/withdraw")
        assert (late.status_code, late.json()["code"]) == (409, "outreach_done")
    assert other.messages() == []


def test_it_waits_for_the_next_session_and_needs_consent(gateway: Gateway) -> None:
    _, ann = signed_in(gateway, "ann")
    _, bob = signed_in(gateway, "bob")
    consent(gateway, ann)
    with gateway.staff(gateway.access.agent) as agent:
        for customer_id in (ann, bob):
            agent.post("/outreach", {"customer_id": customer_id, "texts": TEXTS})
    assert [m["text"] for m in signed_in(gateway, "ann")[0].messages()] == [TEXTS["en"]]
    assert [m["text"] for m in signed_in(gateway, "ann")[0].messages()] == [TEXTS["en"]]
    assert signed_in(gateway, "bob")[0].messages() == []
    with gateway.staff(gateway.access.agent) as agent:
        [refused] = agent.get("/outreach", customer_id=bob).json()["items"]
    assert (refused["status"], refused["reason"]) == ("refused", "no consent")


def test_what_is_asked_is_checked(gateway: Gateway) -> None:
    _, customer_id = signed_in(gateway, "ann")
    good = {"customer_id": customer_id, "texts": TEXTS}
    past = (utc_now() - timedelta(hours=1)).isoformat()
    with gateway.staff(gateway.access.agent) as agent:
        for wrong in (
            {"texts": {}},
            {"texts": {"not a locale": "x"}},
            {"texts": {"en": ""}},
            {"purpose": "fun"},
            {"expires_at": past},
            {"not_before": "tomorrow"},
        ):
            assert agent.post("/outreach", {**good, **wrong}).status_code == 422
        asked = agent.post("/outreach", good).json()
        taken_back = agent.post(f"/outreach/{asked['id']}/withdraw")
        assert taken_back.json()["status"] == "withdrawn"
    assert signed_in(gateway, "ann")[0].messages() == []


def test_a_transcript_comes_as_a_page_and_says_why_no_mail_goes(gateway: Gateway) -> None:
    visitor = gateway.visitor()
    visitor.say("<script>alert(1)</script>")
    wait_until(lambda: len(visitor.messages()) >= 2)
    text = visitor.post("/transcript").json()
    assert text["filename"].endswith(".txt")
    assert "<script>" in text["text"]
    page = visitor.post("/transcript", json={"format": "html"}).json()
    assert page["filename"].endswith(".html")
    assert "&lt;script&gt;" in page["text"]
    assert "<script" not in page["text"]
    mail = visitor.post("/transcript", json={"email": True})
    assert (mail.status_code, mail.json()["code"]) == (409, "no_mail_server")
