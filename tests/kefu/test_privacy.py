"""`kefu customer consent|export|erase`, `kefu job`, each in a process of its own."""

import json
import zipfile
from pathlib import Path

import pytest

from crm_store.opening import open_database
from crm_store.seeding import demo_customers
from foundation.settings import load_settings
from tests.kefu.test_cli import Kefu, printed, refused, runner


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> tuple[Kefu, Path, str]:
    var = tmp_path_factory.mktemp("shop")
    kefu = runner(var)
    for arguments in (("db", "upgrade"), ("db", "seed", "--size", "40"), ("demo",)):
        done = kefu(*arguments)
        assert done.returncode == 0, done.stderr
    database = open_database(load_settings(env_file=None, var=var))
    with database.reading() as session:
        customer = str(demo_customers(session)[0].customer.id)
    database.dispose()
    return kefu, var, customer


def test_consents_are_shown_and_decided(shop: tuple[Kefu, Path, str]) -> None:
    kefu, _, customer = shop
    decided = printed(
        kefu(
            "customer",
            "consent",
            customer,
            "--grant",
            "training",
            "--withdraw",
            "profiling",
            "--json",
        )
    )
    allowed = {one["purpose"]: one["allowed"] for one in decided["items"]}
    assert (allowed["training"], allowed["profiling"]) == (True, False)
    assert printed(kefu("customer", "consent", customer, "--json")) == decided
    assert kefu("customer", "consent", customer).stdout.count("terminal") == 2


def test_nobody_both_grants_and_withdraws(shop: tuple[Kefu, Path, str]) -> None:
    kefu, _, customer = shop
    both = kefu("customer", "consent", customer, "--grant", "training", "--withdraw", "training")
    assert both.returncode == 2


def test_a_copy_and_then_the_end(shop: tuple[Kefu, Path, str], tmp_path: Path) -> None:
    kefu, var, customer = shop
    target = tmp_path / "copy.zip"
    told = printed(kefu("customer", "export", customer, "--to", str(target), "--json"))
    assert told["bytes"] == target.stat().st_size
    with zipfile.ZipFile(target) as archive:
        person = json.loads(archive.read("data.json"))["customer"][0]
    # Nobody answers the question.
    assert kefu("customer", "erase", customer).returncode != 0
    done = kefu("customer", "erase", customer, "--yes", "--despite-orders", "--json")
    assert printed(done)["receipt"]["rows"]["customers"] == 1
    assert "customer" in refused(kefu("customer", "erase", customer, "--yes"))
    for file in var.rglob("*"):
        if file.is_file():
            content = file.read_bytes()
            for value in (person["email"], person["street"], person["phone"]):
                assert value is None or value.encode() not in content, file
    jobs = printed(kefu("job", "list", "--json", "--kind", "erasure"))["items"]
    assert [job["status"] for job in jobs] == ["done"]


def test_a_job_of_an_unknown_kind(shop: tuple[Kefu, Path, str]) -> None:
    kefu = shop[0]
    assert "no kind of job" in refused(kefu("job", "run", "nonsense"))
