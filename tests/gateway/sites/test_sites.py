"""Admins set what the widget does; nobody else."""

from tests.factories import make_calendar
from tests.factories.widget import PRE_CHAT
from tests.gateway.support.running import Gateway


def test_an_admin_reads_and_changes_a_site(gateway: Gateway) -> None:
    with gateway.database.transaction() as session:
        calendar = make_calendar(session, name="Office hours")
        name = calendar.name
    with gateway.staff(gateway.access.admin) as admin:
        assert [row["site_key"] for row in admin.get("/sites").json()["items"]] == ["demo-shop"]
        before = admin.get("/sites/demo-shop").json()
        assert "secret" not in before
        changed = admin.client.patch(
            "/api/v1/sites/demo-shop",
            json={"version": before["version"], "calendar": name, "pre_chat": PRE_CHAT},
        )
        assert changed.status_code == 200, changed.text
        after = changed.json()
        assert (after["calendar"], after["version"]) == (name, before["version"] + 1)
        assert after["settings"]["pre_chat"] == PRE_CHAT | {
            "fields": after["settings"]["pre_chat"]["fields"]
        }
        late = admin.client.patch(
            "/api/v1/sites/demo-shop", json={"version": before["version"], "sound": False}
        )
        assert (late.status_code, late.json()["code"]) == (409, "changed_meanwhile")
        cleared = admin.client.patch(
            "/api/v1/sites/demo-shop", json={"calendar": None, "pre_chat": None}
        ).json()
        assert (cleared["calendar"], cleared["settings"]["pre_chat"]) == (None, None)


def test_a_wrong_setting_is_named(sqlite_gateway: Gateway) -> None:
    with sqlite_gateway.staff(sqlite_gateway.access.admin) as admin:
        for body, field in (
            ({"appearance": {"accent": "red"}}, "appearance.accent"),
            ({"sounds": True}, "sounds"),
            ({"calendar": "Nobody's hours"}, "calendar"),
        ):
            refused = admin.client.patch("/api/v1/sites/demo-shop", json=body)
            assert refused.status_code == 422
            assert [error["field"] for error in refused.json()["errors"]] == [field]
        assert admin.get("/sites/no-such-shop").status_code == 404


def test_an_agent_may_not(sqlite_gateway: Gateway) -> None:
    with sqlite_gateway.staff(sqlite_gateway.access.agent) as agent:
        assert agent.get("/sites").status_code == 403
        assert agent.get("/sites/demo-shop").status_code == 403
        assert agent.client.patch("/api/v1/sites/demo-shop", json={}).status_code == 403
