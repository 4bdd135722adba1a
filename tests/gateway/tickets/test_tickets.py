"""Tickets, labels, replies and promises over HTTP."""

import time
from datetime import timedelta
from typing import Any
from uuid import uuid4

import httpx
import pytest

from crm_store.sla.watch import watch_once
from foundation.clock import utc_now
from tests.factories import make_customer
from tests.gateway.support.running import Gateway, StaffClient

ALWAYS = {day: [["00:00", "24:00"]] for day in ("mon", "tue", "wed", "thu", "fri", "sat", "sun")}


def opened(staff: StaffClient, **more: Any) -> dict[str, Any]:
    body = {"client_id": uuid4().hex, "subject": "The zip broke", **more}
    answer = staff.post("/tickets", body)
    assert answer.status_code == 201, answer.text
    ticket: dict[str, Any] = answer.json()
    return ticket


def patch(staff: StaffClient, ticket: dict[str, Any], **change: Any) -> httpx.Response:
    return staff.client.patch(f"/api/v1/tickets/{ticket['number']}", json=change)


def promised(gateway: Gateway, **more: Any) -> tuple[dict[str, Any], dict[str, Any]]:
    """A calendar that is always open and a policy that counts by it, made by the admin."""
    with gateway.staff(gateway.access.admin) as admin:
        calendar = admin.post(
            "/business-calendars",
            {"name": "Always", "time_zone": "Europe/Berlin", "hours": ALWAYS, "country": "DE"},
        )
        assert calendar.status_code == 201, calendar.text
        body = {
            "name": "Everything",
            "position": 1,
            "calendar_id": calendar.json()["id"],
            "first_response_minutes": 60,
            "resolution_minutes": 600,
            **more,
        }
        policy = admin.post("/sla-policies", body)
        assert policy.status_code == 201, policy.text
        return calendar.json(), policy.json()


def test_a_ticket_from_beginning_to_end(gateway: Gateway) -> None:
    promised(gateway)
    with gateway.staff(gateway.access.agent) as staff, staff.socket() as socket:
        ticket = opened(staff, client_id="once", type="complaint", priority="high")
        assert opened(staff, client_id="once")["number"] == ticket["number"]
        assert {clock["state"] for clock in ticket["clocks"]} <= {"running"}
        assert socket.next("ticket")["data"]["ticket"]["number"] == ticket["number"]

        number = ticket["number"]
        assigned = staff.post(
            f"/tickets/{number}/assign",
            {"version": ticket["version"], "user_id": str(gateway.access.colleague.id)},
        ).json()
        assert assigned["assignee"]["name"] == "Cal Colleague"
        stale = patch(staff, ticket, version=ticket["version"], status="solved")
        assert (stale.status_code, stale.json()["code"]) == (409, "ticket_changed")

        answered = staff.post(
            f"/tickets/{number}/comments",
            {"client_id": "c1", "text": "Send it in.", "status": "pending"},
        )
        assert answered.status_code == 201, answered.text
        assert answered.json()["status"] == "pending"
        assert {c["kind"]: c["state"] for c in answered.json()["clocks"]} == {
            "first_response": "stopped",
            "resolution": "paused",
        }
        solved = patch(staff, ticket, version=answered.json()["version"], status="solved")
        assert solved.json()["solved_at"]
        kinds = [event["kind"] for event in solved.json()["events"]]
        assert kinds == ["status", "status", "answered", "assignee", "opened"]
        comments = staff.get(f"/tickets/{number}/comments").json()["items"]
        assert [(c["text"], c["user"]["name"]) for c in comments] == [("Send it in.", "Ann Agent")]


def test_lists_filter_and_sort(gateway: Gateway) -> None:
    promised(gateway)
    with gateway.staff(gateway.access.agent) as staff:
        slow = opened(staff, subject="Slow")
        opened(staff, subject="Second", priority="urgent")
        patch(staff, slow, version=0, assignee_id=str(gateway.access.agent.id))

        def subjects(**params: Any) -> list[str]:
            answer = staff.get("/tickets", **params)
            assert answer.status_code == 200, answer.text
            return [item["subject"] for item in answer.json()["items"]]

        assert subjects() == ["Second", "Slow"]
        assert subjects(sort="due_at") == ["Slow", "Second"]
        assert subjects(assignee="me") == ["Slow"]
        assert subjects(assignee="none", priority="urgent") == ["Second"]
        assert subjects(q="slo") == subjects(q=slow["number"]) == ["Slow"]
        assert subjects(sla="breached") == []
        first = staff.get("/tickets", limit=1).json()
        assert subjects(limit=1, cursor=first["next_cursor"]) == ["Slow"]
        assert staff.get("/tickets", sort="body").status_code == 422


def test_labels_merge_and_bulk(gateway: Gateway) -> None:
    with gateway.staff(gateway.access.admin) as admin:
        label = admin.post("/labels", {"name": "VIP", "tone": "violet"}).json()
        assert admin.post("/labels", {"name": "vip"}).status_code == 409
    visitor = gateway.visitor()
    with gateway.staff(gateway.access.agent) as staff:
        assert staff.post("/labels", {"name": "Mine"}).status_code == 403
        one, two, three = (opened(staff, subject=name) for name in "abc")
        path = f"/conversations/{visitor.conversation_id}"
        assert staff.post(f"{path}/label", {"label_ids": [label["id"]]}).status_code == 200
        assert [item["name"] for item in staff.get(f"{path}/labels").json()["items"]] == ["VIP"]
        labelled = staff.post(f"/tickets/{one['number']}/labels", {"label_ids": [label["id"]]})
        assert [item["name"] for item in labelled.json()["labels"]] == ["VIP"]
        assert len(staff.get("/tickets", label=label["id"]).json()["items"]) == 1

        merged = staff.post(f"/tickets/{one['number']}/merge", {"duplicates": [two["number"]]})
        assert merged.json()["duplicates"] == [two["number"]]
        again = staff.get(f"/tickets/{two['number']}").json()
        assert (again["status"], again["merged_into"]) == ("closed", one["number"])
        bulk = staff.post(
            "/tickets/bulk",
            {
                "numbers": [two["number"], three["number"]],
                "change": {"priority": "urgent"},
                "add_labels": [label["id"]],
            },
        ).json()["items"]
        assert {item["number"]: item["code"] for item in bulk} == {
            two["number"]: "ticket_merged",
            three["number"]: None,
        }
        apart = staff.post(f"/tickets/{two['number']}/separate")
        assert apart.json()["status"] == "open"


def test_replies_are_filled_in(gateway: Gateway) -> None:
    with gateway.database.transaction() as session:
        customer = make_customer(session, name="Zoë {{agent.name}} Kunde")
    with gateway.staff(gateway.access.admin) as admin:
        body = {
            "shortcut": "hello",
            "title": "Greeting",
            "text": "Hello {{customer.first_name|there}}, {{agent.first_name}} here: "
            "{{ticket.number}} {{order.number}}",
        }
        reply = admin.post("/canned-replies", body).json()
        bad = admin.post("/canned-replies", body | {"shortcut": "x", "text": "{{customer.iban}}"})
        assert bad.status_code == 422
    with gateway.staff(gateway.access.agent) as staff:
        ticket = opened(staff, customer_id=str(customer.id))
        found = staff.get("/canned-replies", q="greet").json()["items"]
        assert [item["shortcut"] for item in found] == ["hello"]
        filled = staff.get(f"/canned-replies/{reply['id']}/text", ticket=ticket["number"]).json()
        assert filled["text"] == f"Hello Zoë, Ann here: {ticket['number']} [order.number]"
        assert filled["missing"] == ["order.number"]
        visitor = gateway.visitor()
        unknown = staff.get(
            f"/canned-replies/{reply['id']}/text", conversation_id=str(visitor.conversation_id)
        ).json()
        assert unknown["text"].startswith("Hello there, Ann")
    with gateway.staff(gateway.access.admin) as admin:
        assert admin.client.delete(f"/api/v1/canned-replies/{reply['id']}").status_code == 204
        assert admin.get("/canned-replies").json()["items"] == []


def test_calendars_and_policies_are_for_admins_to_change(gateway: Gateway) -> None:
    calendar, policy = promised(gateway)
    with gateway.staff(gateway.access.agent) as staff:
        assert staff.get("/business-calendars").json()["items"][0]["name"] == "Always"
        assert staff.get("/sla-policies").json()["items"][0]["name"] == "Everything"
        holidays = staff.get(f"/business-calendars/{calendar['id']}/holidays", year=2026).json()
        assert {"day": "2026-10-03", "name": "German Unity Day"} in holidays["items"]
        assert staff.client.delete(f"/api/v1/sla-policies/{policy['id']}").status_code == 403
    with gateway.staff(gateway.access.admin) as admin:
        path = f"/api/v1/business-calendars/{calendar['id']}"
        in_use = admin.client.delete(path)
        assert (in_use.status_code, in_use.json()["code"]) == (409, "calendar_in_use")
        changed = admin.client.put(path, json=calendar | {"time_zone": "Mars/Olympus"})
        assert changed.status_code == 422
        changed = admin.client.put(path, json=calendar | {"time_zone": "Asia/Tokyo"})
        assert changed.json()["version"] == calendar["version"] + 1
        assert admin.client.put(path, json=calendar).status_code == 409
        nothing = {key: policy[key] for key in ("position", "calendar_id")} | {"name": "No"}
        assert admin.post("/sla-policies", nothing).status_code == 422
        assert admin.client.delete(f"/api/v1/sla-policies/{policy['id']}").status_code == 204
        assert admin.client.delete(path).status_code == 204


def test_a_late_promise_is_shown_at_once(gateway: Gateway) -> None:
    promised(gateway, first_response_minutes=1, warn_minutes=0)
    with gateway.staff(gateway.access.agent) as staff, staff.socket() as socket:
        ticket = opened(staff)
        assert socket.next("ticket")["data"].get("event") is None
        socket.connection.ping().wait(5)
        time.sleep(6)  # the teller has seen that nothing is late yet
        assert watch_once(gateway.database, now=utc_now() + timedelta(minutes=2)) == (1, 1)
        frame = socket.next("ticket", seconds=15)["data"]
        assert (frame["event"], frame["ticket"]["number"]) == ("sla_breached", ticket["number"])


def test_the_report(gateway: Gateway) -> None:
    promised(gateway)
    with gateway.staff(gateway.access.agent) as staff:
        ticket = opened(staff, type="refund")
        opened(staff)
        staff.post(f"/tickets/{ticket['number']}/comments", {"client_id": "1", "text": "Done."})
        report = staff.get("/reports/service", days=1).json()
        assert (report["opened"], report["backlog"][0]["count"]) == (2, 2)
        assert {"name": "refund", "count": 1} in report["by_type"]
        assert report["first_response"]["count"] == 1
        assert report["first_response_kept"] == {"met": 1, "tested": 1}


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/tickets"),
        ("POST", "/tickets/bulk"),
        ("GET", "/sla-policies"),
        ("GET", "/labels"),
        ("GET", "/canned-replies"),
        ("GET", "/reports/service"),
    ],
)
def test_nobody_unknown_comes_in(sqlite_gateway: Gateway, method: str, path: str) -> None:
    answer = sqlite_gateway.client.request(method, f"/api/v1{path}")
    assert answer.status_code == 401
