"""Sales over HTTP: what the console does all day."""

from typing import Any
from uuid import uuid4

from tests.factories import make_customer
from tests.gateway.support.running import Gateway, StaffClient


def made(answer: Any, status: int = 201) -> dict[str, Any]:
    assert answer.status_code == status, answer.text
    body: dict[str, Any] = answer.json()
    return body


def patch(staff: StaffClient, path: str, body: dict[str, Any]) -> Any:
    return staff.client.patch(f"/api/v1{path}", json=body)


def test_from_lead_to_won(gateway: Gateway) -> None:
    with gateway.staff(gateway.access.agent) as ann, gateway.staff(gateway.access.colleague) as cal:
        lead = made(
            ann.post(
                "/leads",
                {"name": "Lena Lead", "email": "lena@example.com", "source": "referral"},
            )
        )
        assert lead["score_reasons"][0] == {"points": 20, "reason": "Was recommended to us"}
        edited = made(
            patch(ann, f"/leads/{lead['id']}", {"version": 1, "owner_id": ann.user["id"]}), 200
        )
        stale = patch(ann, f"/leads/{lead['id']}", {"version": 1, "notes": "x"})
        assert stale.status_code == 409
        assert stale.headers["content-type"] == "application/problem+json"
        assert stale.json()["code"] == "changed_meanwhile"
        assert "Ann Agent changed this on" in stale.json()["detail"]
        hers = patch(cal, f"/leads/{lead['id']}", {"version": 2, "notes": "x"})
        assert (hers.status_code, hers.json()["code"]) == (403, "not_the_owner")

        assert ann.get(f"/leads/{lead['id']}/candidates").json()["items"] == []
        wish = {
            "version": edited["version"],
            "new_account": "Bergsport Nord",
            "opportunity": {"name": "Forty tents", "amount_minor": 500_000},
        }
        became = made(ann.post(f"/leads/{lead['id']}/convert", wish), 200)
        assert made(ann.post(f"/leads/{lead['id']}/convert", wish), 200) == became
        detail = ann.get(f"/leads/{lead['id']}").json()
        assert (detail["status"], detail["conversion"]["customer_made"]) == ("converted", True)

        deal = ann.get(f"/opportunities/{became['opportunity_id']}").json()
        assert (deal["account_name"], deal["customer_name"]) == ("Bergsport Nord", "Lena Lead")
        assert (deal["probability"], deal["own_probability"], deal["currency"]) == (10, None, "EUR")
        (pipeline,) = ann.get("/pipelines").json()["items"]
        stages = {stage["name"]: stage["id"] for stage in pipeline["stages"]}
        move = {"version": deal["version"], "stage_id": stages["Lost"]}
        refused = ann.post(f"/opportunities/{deal['id']}/move", move)
        assert (refused.status_code, refused.json()["code"]) == (422, "invalid")
        won = made(
            ann.post(f"/opportunities/{deal['id']}/move", move | {"stage_id": stages["Won"]}), 200
        )
        assert [change["event"] for change in won["history"]] == ["created", "won"]
        board = ann.get("/opportunities/board", pipeline_id=pipeline["id"]).json()
        column = next(c for c in board["columns"] if c["stage"]["name"] == "Won")
        assert (column["count"], column["amount_minor"]) == (1, 500_000)

        timeline = ann.get(f"/customers/{became['customer_id']}/timeline").json()["items"]
        assert timeline[0]["summary"] == "Opportunity Forty tents: won, €5,000.00"
        assert timeline[0]["kind"] == "sales"
        account = ann.get(f"/accounts/{became['account_id']}").json()
        assert account["standing"] == [
            {"status": "won", "currency": "EUR", "count": 1, "amount_minor": 500_000}
        ]
        report = ann.get("/reports/sales", days=30).json()
        assert (report["won"]["amount_minor"], report["win_rate"]) == (500_000, 1.0)
        assert report["by_owner"][0]["name"] == "Ann Agent"
        undone = ann.post(f"/leads/{lead['id']}/undo-conversion")
        assert (undone.status_code, undone.json()["code"]) == (409, "conversion_in_use")


def test_choosing_a_customer(gateway: Gateway) -> None:
    with gateway.staff(gateway.access.agent) as ann:
        for _ in range(2):
            body = {"name": "Vi", "email": "vi@example.com", "idempotency_key": uuid4().hex}
            lead = made(ann.post("/leads", body))
            answer = ann.post(f"/leads/{lead['id']}/convert", {"version": 1})
        assert (answer.status_code, answer.json()["code"]) == (409, "choose_a_customer")
        assert "vi@example.com" not in answer.text
        (candidate,) = ann.get(f"/leads/{lead['id']}/candidates").json()["items"]
        assert (candidate["same_email"], candidate["verified"]) == (True, False)
        wish = {"version": 1, "customer_id": candidate["id"]}
        became = made(ann.post(f"/leads/{lead['id']}/convert", wish), 200)
        assert became["customer_made"] is False
        back = made(ann.post(f"/leads/{lead['id']}/undo-conversion"), 200)
        assert (back["status"], back["converted_at"]) == ("new", None)


def test_lists_sort_filter_and_page(gateway: Gateway) -> None:
    with gateway.staff(gateway.access.agent) as ann:
        for name, company in (("Bo", "Alm"), ("al", None), ("Cy", "Berg"), ("di", None)):
            made(ann.post("/leads", {"name": name, "company": company}))
        seen: list[str] = []
        cursor = None
        while True:
            answer = ann.get(
                "/leads", sort="-company,name", limit=1, **({"cursor": cursor} if cursor else {})
            )
            body = made(answer, 200)
            seen += [lead["name"] for lead in body["items"]]
            cursor = body["next_cursor"]
            if cursor is None:
                break
        assert seen == ["Cy", "Bo", "al", "di"]
        assert ann.get("/leads", sort="email").status_code == 422
        assert ann.get("/leads", sort="name", cursor="x").json()["detail"].startswith("cursor")
        assert len(ann.get("/leads", owner="none").json()["items"]) == 4
        assert ann.get("/leads", owner="me").json()["items"] == []
        assert len(ann.get("/leads", status=["new", "working"]).json()["items"]) == 4
        assert ann.get("/leads", min_score=50).json()["items"] == []


def test_bulk_edits_answer_for_each_row(gateway: Gateway) -> None:
    with gateway.staff(gateway.access.agent) as ann, gateway.staff(gateway.access.colleague) as cal:
        mine = [made(ann.post("/tasks", {"title": f"No. {n}"}))["id"] for n in range(2)]
        his = made(cal.post("/tasks", {"title": "His"}))["id"]
        body = {"ids": [*mine, his, str(uuid4())], "patch": {"status": "done"}}
        answer = made(ann.post("/tasks/bulk", body), 200)
        assert answer["changed"] == 2
        codes = {row["id"]: row["code"] for row in answer["items"]}
        assert [codes[one] for one in mine] == [None, None]
        assert codes[his] == "not_the_owner"
        assert {row["code"] for row in answer["items"]} == {None, "not_the_owner", "task_not_found"}
        done = ann.get("/tasks", status=["done"], owner="me").json()["items"]
        assert {task["id"] for task in done} == set(mine)
        assert ann.post("/tasks/bulk", {"ids": [], "patch": {}}).status_code == 422
        deals = [made(ann.post("/opportunities", {"name": "D"}))["id"] for _ in range(2)]
        lost = ann.get("/pipelines").json()["items"][0]["stages"][-1]["id"]
        move = {"stage_id": lost, "lost_reason": "timing"}
        moved = made(ann.post("/opportunities/bulk-move", {"ids": deals, "move": move}), 200)
        assert moved["changed"] == 2
        edited = ann.post("/opportunities/bulk", {"ids": deals, "patch": {"source": "event"}})
        assert made(edited, 200)["changed"] == 2


def test_tasks(gateway: Gateway) -> None:
    with gateway.staff(gateway.access.agent) as ann:
        lead = made(ann.post("/leads", {"name": "Lena"}))
        task = made(
            ann.post(
                "/tasks",
                {
                    "title": "Call Lena",
                    "lead_id": lead["id"],
                    "due_at": "2026-01-01T09:00:00Z",
                    "remind_at": "2026-01-01T08:30:00Z",
                },
            )
        )
        assert task["about"] == {"kind": "lead", "id": lead["id"], "name": "Lena"}
        assert ann.get("/tasks", about=f"lead:{lead['id']}").json()["items"] == [task]
        assert ann.get("/tasks", about="lead:x").status_code == 422
        assert ann.get("/tasks", about=f"password:{lead['id']}").status_code == 422
        assert ann.get("/tasks/counts").json() == {"open": 1, "overdue": 1, "today": 0}
        assert [one["id"] for one in ann.get("/tasks/reminders").json()["items"]] == [task["id"]]
        made(ann.post(f"/tasks/{task['id']}/reminded"), 200)
        assert ann.get("/tasks/reminders").json()["items"] == []
        done = made(patch(ann, f"/tasks/{task['id']}", {"version": 1, "status": "done"}), 200)
        assert done["closed_at"] is not None
        assert patch(ann, f"/tasks/{task['id']}", {"status": "open"}).status_code == 422
        naive = {"title": "X", "due_at": "2026-01-01T09:00:00"}
        assert ann.post("/tasks", naive).status_code == 422


def test_accounts(gateway: Gateway) -> None:
    with gateway.staff(gateway.access.agent) as ann:
        one = made(ann.post("/accounts", {"name": "Alpine Club"}))
        two = made(ann.post("/accounts", {"name": "Alpine Club e.V.", "employees": 12}))
        lead = made(ann.post("/leads", {"name": "Lena", "email": "lena@example.com"}))
        wish = {"version": 1, "account_id": two["id"]}
        customer = made(ann.post(f"/leads/{lead['id']}/convert", wish), 200)["customer_id"]
        put = ann.client.put(
            f"/api/v1/accounts/{two['id']}/contacts/{customer}", json={"title": "Buyer"}
        )
        assert made(put, 200)["contacts"][0]["title"] == "Buyer"
        merged = made(
            ann.post(f"/accounts/{one['id']}/merge", {"version": 1, "from_id": two["id"]}), 200
        )
        assert (merged["employees"], merged["contacts"][0]["name"]) == (12, "Lena")
        assert ann.get(f"/accounts/{two['id']}").status_code == 404
        gone = ann.client.delete(f"/api/v1/accounts/{one['id']}/contacts/{customer}")
        assert gone.status_code == 204
        edited = patch(ann, f"/accounts/{one['id']}", {"version": 3, "country": "DE"})
        assert made(edited, 200)["country"] == "DE"
        bulk = ann.post("/accounts/bulk", {"ids": [one["id"]], "patch": {"industry": "Clubs"}})
        assert made(bulk, 200)["changed"] == 1
        assert ann.get("/accounts", industry="Clubs").json()["items"][0]["name"] == "Alpine Club"


def test_pipelines_are_the_admins(gateway: Gateway) -> None:
    new = {"name": "Clubs", "currency": "CHF"}
    with gateway.staff(gateway.access.agent) as ann:
        assert ann.post("/pipelines", new).status_code == 403
        assert ann.get("/pipelines").json()["items"] == []
        assert ann.get("/reports/sales").status_code == 404
    with gateway.staff(gateway.access.admin) as ada:
        pipeline = made(ada.post("/pipelines", new))
        assert [stage["probability"] for stage in pipeline["stages"]] == [10, 25, 50, 75, 100, 0]
        stages = [
            {"id": pipeline["stages"][1]["id"], "name": "New", "probability": 5},
            {"name": "Trial", "probability": 40},
            *({**one} for one in pipeline["stages"][4:]),
        ]
        put = ada.client.put(
            f"/api/v1/pipelines/{pipeline['id']}/stages",
            json={"version": 1, "stages": stages},
        )
        changed = made(put, 200)
        assert [stage["name"] for stage in changed["stages"]] == ["New", "Trial", "Won", "Lost"]
        edited = patch(ada, f"/pipelines/{pipeline['id']}", {"version": 2, "name": "Club sales"})
        assert made(edited, 200)["name"] == "Club sales"
        assert ada.get(f"/pipelines/{pipeline['id']}").json()["version"] == 3


def test_campaigns(gateway: Gateway) -> None:
    with gateway.staff(gateway.access.agent) as ann:
        campaign = made(ann.post("/campaigns", {"name": "Spring", "channel": "chat"}))
        path = f"/campaigns/{campaign['id']}"
        running = {"version": 1, "status": "running", "message": "Tents are in."}
        made(patch(ann, path, running), 200)
        lead = made(
            ann.post("/leads", {"name": "Lee", "marketing_consent_at": "2026-01-01T00:00:00Z"})
        )
        cold = made(ann.post("/leads", {"name": "Cold"}))
        people = {"lead_ids": [lead["id"], cold["id"]]}
        assert made(ann.post(f"{path}/members", people), 200) == {"count": 2}
        assert made(ann.post(f"{path}/plan", {}), 200) == {"count": 2}
        statuses = {}
        for member in ann.get(f"{path}/members").json()["items"]:
            touch = ann.post(f"/campaigns/touches/{member['touch']['id']}", {"status": "sent"})
            statuses[member["name"]] = (touch.json()["status"], touch.json()["skip_reason"])
        assert statuses == {"Lee": ("sent", None), "Cold": ("skipped", "no consent")}
        funnel = ann.get(path).json()["funnel"]
        assert (funnel["members"], funnel["sent"], funnel["skipped"]) == (2, 1, 1)
        assert ann.get("/campaigns", status=["running"]).json()["items"][0]["id"] == campaign["id"]
        paused = ann.post(
            "/campaigns/bulk", {"ids": [campaign["id"]], "patch": {"status": "paused"}}
        )
        assert made(paused, 200)["changed"] == 1


def test_an_account_shows_its_contacts_tickets(gateway: Gateway) -> None:
    with gateway.database.transaction() as session:
        contact, stranger = make_customer(session).id, make_customer(session).id
    with gateway.staff(gateway.access.agent) as ann:
        account = made(ann.post("/accounts", {"name": "Bergsport Nord"}))["id"]
        ann.client.put(f"/api/v1/accounts/{account}/contacts/{contact}", json={"title": "Buyer"})
        numbers = [
            made(
                ann.post(
                    "/tickets",
                    {"client_id": uuid4().hex, "subject": "Zip", "customer_id": str(customer)},
                )
            )["number"]
            for customer in (contact, stranger)
        ]
        found = ann.get("/tickets", account_id=account).json()["items"]
        assert [ticket["number"] for ticket in found] == numbers[:1]


def test_a_calendar_is_tried_before_it_is_kept(gateway: Gateway) -> None:
    with gateway.staff(gateway.access.agent) as ann:
        body = {
            "name": "Office",
            "time_zone": "Asia/Shanghai",
            "hours": {"mon": [["09:00", "12:00"]]},
        }
        found = made(ann.post("/business-calendars/preview", body), 200)
        assert len(found["days"]) == 14
        assert found["changes_at"]
        refused = ann.post("/business-calendars/preview", body | {"time_zone": "Nowhere"})
        assert (refused.status_code, refused.json()["code"]) == (422, "invalid")
        regions = made(ann.get("/business-calendars/holiday-regions"), 200)["items"]
        assert "BY" in next(one["subdivisions"] for one in regions if one["country"] == "DE")
        assert ann.get("/business-calendars").json()["items"] == []
