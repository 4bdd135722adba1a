"""The machine's clock goes back an hour while the gateway runs."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx

from crm_store.database import Database
from tests.faults.support.clock import TurnedClock
from tests.faults.support.gateway import RunningGateway, Writer, prepare, running_gateway
from tests.gateway.support.double import AssistantDouble
from tests.gateway.support.running import PASSWORD, wait_until

HOUR = 3_600
ALWAYS = {day: [["00:00", "24:00"]] for day in ("mon", "tue", "wed", "thu", "fri", "sat", "sun")}


@contextmanager
def logged_in(gateway: RunningGateway, email: str) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=gateway.url, timeout=30, trust_env=False) as client:
        answer = client.post("/api/v1/auth/login", json={"email": email, "password": PASSWORD})
        assert answer.status_code == 200, answer.text
        client.headers["X-CSRF-Token"] = answer.json()["csrf_token"]
        yield client


def promise(gateway: RunningGateway) -> None:
    with logged_in(gateway, "ada@demo.shop") as admin:
        calendar = admin.post(
            "/api/v1/business-calendars",
            json={"name": "Always", "time_zone": "UTC", "hours": ALWAYS},
        ).json()
        policy = {
            "name": "All", "position": 1, "calendar_id": calendar["id"],
            "first_response_minutes": 300, "resolution_minutes": 600,
        }  # fmt: skip
        assert admin.post("/api/v1/sla-policies", json=policy).status_code == 201


def pages(client: httpx.Client, path: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    cursor: str | None = None
    while True:
        params = {"limit": 2} | ({"cursor": cursor} if cursor else {})
        answer = client.get(path, params=params)
        assert answer.status_code == 200, answer.text
        found += answer.json()["items"]
        cursor = answer.json()["next_cursor"]
        if cursor is None:
            return found


def test_everything_goes_on(
    empty_database: Database, assistant: AssistantDouble, tmp_path: Path
) -> None:
    database_url = empty_database.url.render_as_string(hide_password=False)
    clock = TurnedClock(tmp_path)
    var = tmp_path / "var"
    prepare(var, database_url)
    with (
        running_gateway(
            var, assistant_url=assistant.url, database_url=database_url, **clock.environment
        ) as gateway,
        logged_in(gateway, "ann@demo.shop") as staff,
    ):
        promise(gateway)
        writer = Writer.of(gateway.client)
        tickets = []

        def go_on() -> None:
            for _ in range(3):
                writer.send_until_confirmed()
                body = {"client_id": uuid4().hex, "subject": "Matter"}
                ticket = staff.post("/api/v1/tickets", json=body)
                assert ticket.status_code == 201, ticket.text
                tickets.append(ticket.json())

        go_on()
        clock.turn(-HOUR)
        go_on()
        made = [datetime.fromisoformat(ticket["created_at"]) for ticket in tickets]
        assert made[3] < made[0]  # the clock did go back

        # A session lives on, and numbers go on without a gap.
        assert staff.get("/api/v1/auth/me").status_code == 200
        wait_until(
            lambda: sum(message["author"] == "bot" for message in writer.stored()) >= 6, seconds=30
        )
        writer.check()
        # Every row is on exactly one page.
        listed = [ticket["number"] for ticket in pages(staff, "/api/v1/tickets")]
        assert sorted(listed) == sorted(ticket["number"] for ticket in tickets)
        assert len(pages(staff, "/api/v1/conversations")) == 1

        # A ticket of the later hour, settled in the earlier one, has used up nothing.
        first = tickets[0]
        path = f"/api/v1/tickets/{first['number']}"
        waiting = staff.patch(path, json={"version": 0, "status": "pending"}).json()
        again = staff.patch(path, json={"version": waiting["version"], "status": "open"}).json()
        answered = staff.post(f"{path}/comments", json={"client_id": "1", "text": "Done."}).json()
        assert [event["kind"] for event in answered["events"]] == [
            "answered", "status", "status", "opened",
        ]  # fmt: skip
        clocks = {entry["kind"]: entry for entry in answered["clocks"]}
        assert clocks["first_response"]["state"] == "stopped"
        assert clocks["first_response"]["spent_seconds"] < 60
        assert clocks["resolution"]["breached_at"] is None
        assert again["version"] == 2

        clock.turn(0)
        go_on()
        writer.check()
