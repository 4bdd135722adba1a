"""Customers and orders over HTTP: found, narrowed, entered, corrected."""

from typing import Any
from uuid import uuid4

from crm_store.models import Role
from crm_store.users.service import UserService
from tests.factories import make_customer, make_order
from tests.gateway.support.running import OPERATOR, PASSWORD, Gateway, StaffClient


def patch(staff: StaffClient, customer_id: str, body: dict[str, Any]) -> Any:
    return staff.client.patch(f"/api/v1/customers/{customer_id}", json=body)


def test_entered_found_and_corrected(gateway: Gateway) -> None:
    with gateway.staff(gateway.access.agent) as ann:
        body = {
            "name": "Grete Kunde",
            "email": "Grete@Example.com",
            "phone": "+49 30 1234567",
            "city": "Berlin",
            "country": "Germany",
            "external_id": "c-1",
        }
        answer = ann.post("/customers", body)
        assert answer.status_code == 201, answer.text
        grete = answer.json()
        assert (grete["email"], grete["phone"]) == ("grete@example.com", "+49301234567")
        assert (grete["country"], grete["locale"], grete["external_id"]) == ("DE", "en", "c-1")
        assert [one["summary"] for one in grete["timeline"]["items"]] == [
            "Entered as a customer by hand"
        ]

        again = ann.post("/customers", body | {"external_id": None})
        assert (again.status_code, again.json()["code"]) == (409, "contact_known")
        assert "this e-mail address and this phone number" in again.json()["detail"]
        assert "example.com" not in again.text
        meant = ann.post("/customers", {**body, "allow_same_contact": True})
        assert (meant.status_code, meant.json()["code"]) == (409, "conflict")
        assert "external_id" in meant.json()["detail"]
        wrong = ann.post("/customers", {"name": "Hans", "phone": "030 12345"})
        assert (wrong.status_code, wrong.json()["code"]) == (422, "invalid")
        assert "country code" in wrong.json()["detail"]
        unknown = ann.post("/customers", {"name": "Hans", "segment": "At risk"})
        assert unknown.status_code == 422

        seen = grete["updated_at"]
        edited = patch(ann, grete["id"], {"updated_at": seen, "city": "Wien", "phone": None})
        assert edited.status_code == 200, edited.text
        assert (edited.json()["city"], edited.json()["phone"]) == ("Wien", None)
        stale = patch(ann, grete["id"], {"updated_at": seen, "city": "Graz"})
        assert (stale.status_code, stale.json()["code"]) == (409, "changed_meanwhile")
        absent = patch(ann, str(uuid4()), {"updated_at": seen, "city": "Graz"})
        assert (absent.status_code, absent.json()["code"]) == (404, "customer_not_found")
        assert patch(ann, grete["id"], {"city": "Graz"}).status_code == 422

        (found,) = ann.get("/customers", city="wien", has_orders=False, sort="-name").json()[
            "items"
        ]
        assert (found["id"], found["updated_at"]) == (grete["id"], edited.json()["updated_at"])
        assert ann.get("/customers", country="AT").json()["items"] == []
        assert ann.get("/customers", sort="email").status_code == 422
        assert ann.get("/customers/segments").json()["items"] == []
    with gateway.database.transaction() as session:
        analyst = UserService(session).add(
            email="ana@demo.shop",
            name="Ana Analyst",
            password=PASSWORD,
            role=Role.ANALYST,
            asker=OPERATOR,
        )
    with gateway.staff(analyst) as una:
        assert una.get("/customers", city="wien").status_code == 200
        assert una.post("/customers", {"name": "Hans"}).status_code == 403
        mine = {"updated_at": edited.json()["updated_at"], "city": "Graz"}
        assert patch(una, grete["id"], mine).status_code == 403


def test_orders_are_narrowed_and_sorted(gateway: Gateway) -> None:
    with gateway.database.transaction() as session:
        grete, hans = make_customer(session, name="Grete"), make_customer(session, name="Hans")
        make_order(session, grete, number="KF-1000000", status="delivered")
        make_order(session, grete, number="KF-2000000")
        make_order(session, hans, number="KF-3000000")
        whose = str(grete.id)
    with gateway.staff(gateway.access.agent) as ann:

        def numbers(**asked: Any) -> list[str]:
            answer = ann.get("/orders", **asked)
            assert answer.status_code == 200, answer.text
            return [one["number"] for one in answer.json()["items"]]

        assert numbers() == ["KF-3000000", "KF-2000000", "KF-1000000"]
        assert numbers(customer_id=whose, sort="placed_at") == ["KF-1000000", "KF-2000000"]
        assert numbers(status=["paid"]) == ["KF-3000000", "KF-2000000"]
        assert numbers(status=["paid", "delivered"], sort="number", limit=2) == [
            "KF-1000000",
            "KF-2000000",
        ]
        assert numbers(placed_from="2099-01-01T00:00:00Z") == []
        assert ann.get("/orders", status="lost").status_code == 422
        assert ann.get("/orders", sort="total").status_code == 422
