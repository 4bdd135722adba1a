"""The audit log over HTTP."""

from datetime import timedelta

from foundation.clock import utc_now
from tests.gateway.support.running import Gateway

LOGIN = "/api/v1/auth/login"


def test_log_ins_are_written_down_without_the_address(gateway: Gateway) -> None:
    for email in ("ann@demo.shop", "Stranger@example.org", "stranger@example.org "):
        gateway.client.post(LOGIN, json={"email": email, "password": "wrong password"})
    with gateway.staff(gateway.access.agent) as agent:
        assert agent.get("/audit").status_code == 403
        assert agent.post("/auth/logout").status_code == 204
    with gateway.staff(gateway.access.admin) as admin:
        found = admin.get("/audit", action="user.login_failed")
        stranger, again, ann = (entry for entry in found.json()["items"][::-1][::-1])
        assert "tranger" not in found.text
        assert stranger["facts"] == again["facts"]
        assert stranger["target"] == {"kind": None, "id": None}
        assert ann["target"] == {"kind": "user", "id": str(gateway.access.agent.id)}
        own = admin.get("/audit", actor_id=str(gateway.access.agent.id)).json()["items"]
        assert [entry["action"] for entry in own] == ["user.logged_out", "user.logged_in"]


def test_the_log_is_paged_and_filtered(gateway: Gateway) -> None:
    with gateway.staff(gateway.access.admin) as admin:
        everything = admin.get("/audit").json()["items"]
        seqs = [entry["seq"] for entry in everything]
        assert seqs == sorted(seqs, reverse=True)
        first = admin.get("/audit", limit=2).json()
        second = admin.get("/audit", limit=2, cursor=first["next_cursor"]).json()
        assert [entry["seq"] for entry in first["items"] + second["items"]] == seqs[:4]
        users = admin.get("/audit", action="user.").json()["items"]
        assert {entry["action"] for entry in users} == {"user.added", "user.logged_in"}
        target = {"target_kind": "user", "target_id": str(gateway.access.admin.id)}
        assert len(admin.get("/audit", **target).json()["items"]) == 2
        later = (utc_now() + timedelta(hours=1)).isoformat()
        assert admin.get("/audit", since=later).json()["items"] == []
        assert len(admin.get("/audit", until=later).json()["items"]) == len(seqs)
        assert admin.get("/audit", since="2026-01-01T00:00:00").status_code == 422
