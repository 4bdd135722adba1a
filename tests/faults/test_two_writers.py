"""Two people change the same thing in the same moment: one is told, and nothing is lost."""

import threading
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from uuid import uuid4

from tests.gateway.support.running import Gateway, StaffClient

ROUNDS = 8


def both(first: Callable[[], int], second: Callable[[], int]) -> list[int]:
    """Start both at the same time; their statuses in order of size."""
    gate = threading.Barrier(2)

    def run(act: Callable[[], int]) -> int:
        gate.wait(timeout=10)
        return act()

    with ThreadPoolExecutor(2) as pool:
        return sorted(pool.map(run, [first, second]))


def test_a_ticket_is_changed_by_one_of_two(gateway: Gateway) -> None:
    access = gateway.access
    with gateway.staff(access.agent) as ann, gateway.staff(access.colleague) as cal:
        for _ in range(ROUNDS):
            ticket = opened(ann)
            path = f"/api/v1/tickets/{ticket['number']}"

            def edit(who: StaffClient, change: dict[str, Any], path: str = path) -> int:
                return who.client.patch(path, json={"version": 0} | change).status_code

            assert both(
                lambda edit=edit: edit(ann, {"priority": "urgent"}),  # type: ignore[misc]
                lambda edit=edit: edit(cal, {"subject": "Mine"}),  # type: ignore[misc]
            ) == [200, 409]
            after = ann.get(f"/tickets/{ticket['number']}").json()
            assert after["version"] == 1
            assert (after["priority"] == "urgent") != (after["subject"] == "Mine")
            assert Counter(event["kind"] for event in after["events"])["opened"] == 1


def test_comments_of_two_are_both_kept(gateway: Gateway) -> None:
    access = gateway.access
    with gateway.staff(access.agent) as ann, gateway.staff(access.colleague) as cal:
        ticket = opened(ann)

        def comment(who: StaffClient, text: str) -> int:
            body = {"client_id": uuid4().hex, "text": text}
            return who.post(f"/tickets/{ticket['number']}/comments", body).status_code

        for round in range(ROUNDS):
            assert both(
                lambda round=round: comment(ann, f"ann {round}"),  # type: ignore[misc]
                lambda round=round: comment(cal, f"cal {round}"),  # type: ignore[misc]
            ) == [201, 201]
        said = ann.get(f"/tickets/{ticket['number']}/comments", limit=200).json()["items"]
        assert len({item["text"] for item in said}) == 2 * ROUNDS
        events = ann.get(f"/tickets/{ticket['number']}").json()["events"]
        assert Counter(event["kind"] for event in events)["answered"] == 1


def test_a_conversation_is_claimed_by_one_of_two(gateway: Gateway) -> None:
    access = gateway.access
    with gateway.staff(access.agent) as ann, gateway.staff(access.colleague) as cal:
        for _ in range(ROUNDS):
            visitor = gateway.visitor()
            path = f"/conversations/{visitor.conversation_id}"
            statuses = both(
                lambda path=path: ann.post(f"{path}/claim").status_code,  # type: ignore[misc]
                lambda path=path: cal.post(f"{path}/claim").status_code,  # type: ignore[misc]
            )
            assert statuses == [200, 409]
            owner = ann.get(path).json()["owner"]
            assert owner["user"]["name"] in {"Ann Agent", "Cal Colleague"}


def opened(staff: StaffClient) -> dict[str, Any]:
    answer = staff.post("/tickets", {"client_id": uuid4().hex, "subject": "The zip broke"})
    ticket: dict[str, Any] = answer.json()
    return ticket
