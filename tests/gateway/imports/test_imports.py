"""Uploading a file, and what becomes of it."""

import json
from typing import Any

import httpx
from sqlalchemy import select

from crm_store.importing.job import IMPORT_KIND
from crm_store.jobs import JobKinds, JobRunner
from crm_store.models import Customer
from foundation.settings import Settings
from tests.gateway.support.running import Gateway, StaffClient

GOOD = b"id,name,email\nC-1,Anna,anna@example.com\nC-2,Ben,nope\n"
DOUBTFUL = b"a,b\nx,1\n"


def upload(
    staff: StaffClient, content: bytes = GOOD, path: str = "", **fields: str
) -> httpx.Response:
    return staff.client.post(
        f"/api/v1/imports{path}",
        files={"file": ("people.csv", content, "text/csv")},
        data={"target": "customers", **fields},
    )


def work(gateway: Gateway, settings: Settings) -> None:
    """Do what the worker would."""
    assert JobRunner(gateway.database, settings, JobKinds.of([IMPORT_KIND])).run_due()


def test_an_upload_is_imported_by_the_worker(gateway: Gateway, settings: Settings) -> None:
    with gateway.staff(gateway.access.admin) as staff:
        made = upload(staff)
        assert made.status_code == 201, made.text
        run: dict[str, Any] = made.json()
        assert (run["status"], run["file"], run["read"]) == ("waiting", "people.csv", 0)
        work(gateway, settings)
        run = staff.get(f"/imports/{run['id']}").json()
        assert (run["status"], run["progress"], run["error"]) == ("done", 1.0, None)
        assert (run["read"], run["created"], run["rejected"]) == (2, 1, 1)
        assert run["user_id"] == str(gateway.access.admin.id)
        listed = staff.get("/imports").json()["items"]
        assert [one["id"] for one in listed] == [run["id"]]
        rejects = staff.get(f"/imports/{run['id']}/rejects")
        assert rejects.headers["content-type"].startswith("text/csv")
        assert "not an e-mail address" in rejects.text
    with gateway.database.reading() as session:
        assert session.scalars(select(Customer.name)).all() == ["Anna"]
    left = [path.name for path in (settings.var / "imports" / run["id"]).iterdir()]
    assert left == ["rejects.csv"]


def test_a_mapping_can_be_sent(sqlite_gateway: Gateway, settings: Settings) -> None:
    with sqlite_gateway.staff(sqlite_gateway.access.admin) as staff:
        mapping = {"columns": {"a": "name", "b": "external_id"}, "conflict": "fill"}
        made = upload(staff, DOUBTFUL, mapping=json.dumps(mapping), dry_run="true")
        assert made.status_code == 201, made.text
        work(sqlite_gateway, settings)
        run = staff.get(f"/imports/{made.json()['id']}").json()
        assert (run["dry_run"], run["created"]) == (True, 1)
    with sqlite_gateway.database.reading() as session:
        assert session.scalars(select(Customer)).all() == []


def test_a_proposal_says_what_it_is_sure_of(sqlite_gateway: Gateway, settings: Settings) -> None:
    with sqlite_gateway.staff(sqlite_gateway.access.admin) as staff:
        certain = upload(staff, path="/proposals").json()
        assert certain["doubts"] == []
        assert certain["mapping"]["columns"]["email"]["field"] == "email"
        assert upload(staff, DOUBTFUL, path="/proposals").json()["doubts"]
    assert list((settings.var / "imports").iterdir()) == []


def test_what_cannot_be_imported_is_refused_and_not_kept(
    sqlite_gateway: Gateway, settings: Settings
) -> None:
    with sqlite_gateway.staff(sqlite_gateway.access.admin) as staff:
        for content, fields in (
            (DOUBTFUL, {}),
            (b"", {}),
            (GOOD, {"target": "secrets"}),
            (GOOD, {"mapping": "[]"}),
            (GOOD, {"mapping": '{"columns": {"nope": "name"}}'}),
            (GOOD, {"region": "Germany"}),
        ):
            answer = upload(staff, content, **fields)
            assert answer.status_code == 422, answer.text
            assert answer.headers["content-type"].startswith("application/problem+json")
    folder = settings.var / "imports"
    assert not folder.exists() or list(folder.iterdir()) == []


def test_agents_do_not_import(sqlite_gateway: Gateway) -> None:
    with sqlite_gateway.staff(sqlite_gateway.access.agent) as staff:
        assert upload(staff).status_code == 403
        assert upload(staff, path="/proposals").status_code == 403
        assert staff.get("/imports").status_code == 403
    assert upload(StaffClient(sqlite_gateway, sqlite_gateway.client, {})).status_code == 401
