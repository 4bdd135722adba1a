"""Consents, export and erasure over HTTP."""

import io
import json
import threading
import zipfile
from uuid import uuid4

import pytest
from sqlalchemy import select

from crm_store.jobs import JobKinds, JobRunner
from crm_store.models import AuditEntry
from crm_store.privacy.erasing.job import ERASURE_KIND
from foundation.settings import Settings
from tests.factories import make_customer, make_order
from tests.gateway.support.running import Gateway


@pytest.fixture
def customer(gateway: Gateway) -> str:
    with gateway.database.transaction() as session:
        return str(make_customer(session, name="Zora Zettel").id)


def test_a_decision_is_written_down_and_read_again(gateway: Gateway, customer: str) -> None:
    path = f"/customers/{customer}/consents"
    with gateway.staff(gateway.access.agent) as staff:
        before = {one["purpose"]: one["allowed"] for one in staff.get(path).json()["items"]}
        assert (before["marketing_email"], before["profiling"]) == (False, True)
        answer = staff.post(
            path,
            {
                "purpose": "marketing_email",
                "granted": True,
                "wording": "2026-05",
                "note": "by phone",
            },
        )
        assert answer.status_code == 201
        staff.post(path, {"purpose": "profiling", "granted": False})
        after = {one["purpose"]: one["allowed"] for one in staff.get(path).json()["items"]}
        assert (after["marketing_email"], after["profiling"]) == (True, False)
        history = staff.get(f"{path}/history").json()["items"]
        assert [one["purpose"] for one in history] == ["profiling", "marketing_email"]
        assert history[1]["evidence"] == {"note": "by phone"}
        first = staff.get(f"{path}/history", limit=1).json()
        assert len(first["items"]) == 1
        assert staff.get(f"/customers/{customer}").json()["newsletter"] is True


@pytest.mark.parametrize(
    "body",
    [
        {"purpose": "spam", "granted": True},
        {"purpose": "training"},
        {"purpose": "training", "granted": True, "note": "x" * 501},
        {"purpose": "training", "granted": True, "wording": ""},
    ],
)
def test_what_is_no_decision_is_refused(
    gateway: Gateway, customer: str, body: dict[str, object]
) -> None:
    with gateway.staff(gateway.access.agent) as staff:
        assert staff.post(f"/customers/{customer}/consents", body).status_code == 422


def test_a_copy_goes_to_who_manages_privacy_and_is_audited(gateway: Gateway, customer: str) -> None:
    with gateway.staff(gateway.access.agent) as staff:
        assert staff.get(f"/customers/{customer}/export").status_code == 403
        assert staff.post(f"/customers/{customer}/erase", {}).status_code == 403
    with gateway.staff(gateway.access.admin) as admin:
        answer = admin.get(f"/customers/{customer}/export")
        assert answer.status_code == 200
        assert answer.headers["content-type"] == "application/zip"
        assert answer.headers["cache-control"] == "no-store"
        assert "Zora" not in str(answer.headers)
        archive = zipfile.ZipFile(io.BytesIO(answer.content))
        assert json.loads(archive.read("data.json"))["customer"][0]["name"] == "Zora Zettel"
        assert admin.get(f"/customers/{uuid4()}/export").status_code == 404
    with gateway.database.reading() as session:
        entry = session.scalars(
            select(AuditEntry).where(AuditEntry.action == "customer.exported")
        ).one()
    assert (entry.target_id, entry.actor_id) == (customer, gateway.access.admin.id)


def test_an_erasure_is_asked_for_and_followed(
    gateway: Gateway, customer: str, settings: Settings
) -> None:
    with gateway.staff(gateway.access.admin) as admin:
        answer = admin.post(f"/customers/{customer}/erase", {})
        assert answer.status_code == 202
        erasure = answer.json()
        assert (erasure["status"], erasure["receipt"]) == ("waiting", None)
        runner = JobRunner(gateway.database, settings, JobKinds.of([ERASURE_KIND]))
        while runner.run_due(threading.Event()):
            pass
        done = admin.get(f"/erasures/{erasure['id']}").json()
        assert done["status"] == "done"
        assert done["receipt"]["remains"] == {"certain": {}, "possible": {}}
        assert admin.get(f"/customers/{customer}").status_code == 404
        assert admin.get(f"/erasures/{uuid4()}").status_code == 404
        names = [one["name"] for one in admin.get("/customers").json()["items"]]
        assert "Erased customer" not in names


def test_open_orders_are_told(gateway: Gateway) -> None:
    with gateway.database.transaction() as session:
        customer = make_customer(session)
        make_order(session, customer)
    with gateway.staff(gateway.access.admin) as admin:
        path = f"/customers/{customer.id}/erase"
        refused = admin.post(path, {})
        assert (refused.status_code, refused.json()["code"]) == (409, "orders_under_way")
        assert admin.post(path, {"despite_orders": True}).status_code == 202
