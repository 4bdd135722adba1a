"""Duplicates over HTTP."""

from uuid import uuid4

from tests.factories import make_customer
from tests.gateway.duplicates.queue import make_pair
from tests.gateway.support.running import Gateway


def test_a_pair_is_shown_with_both_sides_and_its_reasons(gateway: Gateway) -> None:
    with gateway.database.transaction() as session:
        pair = make_pair(session)
    with gateway.staff(gateway.access.admin) as admin:
        (shown,) = admin.get("/duplicates").json()["items"]
        assert admin.get("/duplicates/count").json() == {"open": 1}
        assert admin.get(f"/duplicates/{pair.id}").json() == shown
    assert {shown["first"]["name"], shown["second"]["name"]} == {"Marta Lindqvist"}
    assert sorted(side["orders"] for side in (shown["first"], shown["second"])) == [0, 1]
    assert [one["field"] for one in shown["reasons"]["comparisons"]] == [
        "given",
        "family",
        "email",
        "phone",
        "address",
    ]


def test_a_merge_is_followed_by_its_old_address_and_can_be_undone(gateway: Gateway) -> None:
    with gateway.database.transaction() as session:
        pair = make_pair(session)
    with gateway.staff(gateway.access.admin) as admin:
        merge = admin.post(f"/duplicates/{pair.id}/merge", {}).json()
        gone, stays = merge["loser_id"], merge["survivor_id"]
        assert admin.get(f"/customers/{gone}").json()["id"] == stays
        assert admin.post(f"/duplicates/{pair.id}/merge", {}).status_code == 409
        (merged,) = admin.get("/duplicates", status="merged").json()["items"]
        assert merged["merge_id"] == merge["id"]
        undone = admin.post(f"/merges/{merge['id']}/undo").json()
        assert (undone["kept"], undone["lost"]) == ([], 0)
        assert admin.get(f"/customers/{gone}").json()["id"] == gone
        again = admin.post(f"/merges/{merge['id']}/undo")
        assert (again.status_code, again.json()["code"]) == (409, "cannot_undo_merge")
        assert admin.get("/duplicates").json()["items"] == []


def test_the_record_to_keep_can_be_chosen(sqlite_gateway: Gateway) -> None:
    with sqlite_gateway.database.transaction() as session:
        pair = make_pair(session)
    with sqlite_gateway.staff(sqlite_gateway.access.admin) as admin:
        shown = admin.get(f"/duplicates/{pair.id}").json()
        other = next(
            one["id"] for one in (shown["first"], shown["second"]) if one["id"] != shown["keep"]
        )
        stranger = admin.post(f"/duplicates/{pair.id}/merge", {"keep": str(uuid4())})
        assert stranger.status_code == 404
        merge = admin.post(f"/duplicates/{pair.id}/merge", {"keep": other}).json()
        assert merge["survivor_id"] == other


def test_a_pair_kept_apart_can_wait_again(sqlite_gateway: Gateway) -> None:
    with sqlite_gateway.database.transaction() as session:
        pair = make_pair(session)
    with sqlite_gateway.staff(sqlite_gateway.access.admin) as admin:
        assert admin.post(f"/duplicates/{pair.id}/reject").json()["status"] == "rejected"
        assert admin.get("/duplicates").json()["items"] == []
        assert admin.post(f"/duplicates/{pair.id}/reopen").json()["status"] == "open"


def test_any_two_customers_can_be_merged_but_nobody_with_themselves(
    sqlite_gateway: Gateway,
) -> None:
    with sqlite_gateway.database.transaction() as session:
        one, other = make_customer(session).id, make_customer(session).id
    with sqlite_gateway.staff(sqlite_gateway.access.admin) as admin:
        alone = admin.post(f"/customers/{one}/merge", {"other_id": str(one)})
        assert (alone.status_code, alone.json()["code"]) == (422, "same_customer")
        nobody = admin.post(f"/customers/{one}/merge", {"other_id": str(uuid4())})
        assert nobody.status_code == 404
        merge = admin.post(f"/customers/{one}/merge", {"other_id": str(other)}).json()
        assert (merge["survivor_id"], merge["loser_id"]) == (str(one), str(other))


def test_only_who_may_merge_sees_or_decides(sqlite_gateway: Gateway) -> None:
    with sqlite_gateway.database.transaction() as session:
        pair = make_pair(session)
    with sqlite_gateway.staff(sqlite_gateway.access.agent) as agent:
        refused = [
            agent.get("/duplicates"),
            agent.get("/duplicates/count"),
            agent.get(f"/duplicates/{pair.id}"),
            agent.post(f"/duplicates/{pair.id}/merge", {}),
            agent.post(f"/duplicates/{pair.id}/reject"),
            agent.post(f"/duplicates/{pair.id}/reopen"),
            agent.post(f"/customers/{pair.first_id}/merge", {"other_id": str(pair.second_id)}),
            agent.post(f"/merges/{pair.id}/undo"),
        ]
    assert {answer.status_code for answer in refused} == {403}
