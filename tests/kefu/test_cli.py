"""The `kefu` command as an operator types it, each in a process of its own."""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from crm_store.asking import AsSystem
from crm_store.customers.service import CustomerService
from crm_store.opening import open_database
from crm_store.seeding import demo_customers
from foundation.settings import load_settings

ROOT = Path(__file__).resolve().parents[2]
Kefu = Callable[..., subprocess.CompletedProcess[str]]


def runner(var: Path) -> Kefu:
    environment = {key: value for key, value in os.environ.items() if not key.startswith("KEFU_")}

    def run(*arguments: str, **settings: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "kefu", *arguments],
            cwd=ROOT,
            env={**environment, "KEFU_VAR": str(var), "COLUMNS": "200", **settings},
            capture_output=True,
            text=True,
            check=False,
            timeout=240,
        )

    return run


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> tuple[Kefu, Path]:
    """A seeded shop that these tests share."""
    var = tmp_path_factory.mktemp("shop")
    kefu = runner(var)
    for arguments in (("db", "upgrade"), ("db", "seed", "--size", "60"), ("demo",)):
        done = kefu(*arguments)
        assert done.returncode == 0, done.stderr
    return kefu, var


def printed(done: subprocess.CompletedProcess[str]) -> Any:
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def refused(done: subprocess.CompletedProcess[str]) -> str:
    """The one line on stderr of a command that failed with exit code 1."""
    assert done.returncode == 1, (done.stdout, done.stderr)
    assert "Traceback" not in done.stderr
    lines = done.stderr.strip().splitlines()
    assert len(lines) == 1, lines
    return lines[0]


def test_without_a_schema_it_says_what_to_do(tmp_path: Path) -> None:
    assert "kefu db upgrade" in refused(runner(tmp_path)("site", "list"))


def test_an_unknown_setting_stops_the_start(tmp_path: Path) -> None:
    assert "KEFU_PROT: no such setting" in refused(runner(tmp_path)("site", "list", KEFU_PROT="1"))


def test_a_database_that_does_not_answer_is_named(tmp_path: Path) -> None:
    url = "postgresql://nobody:hidden@127.0.0.1:1/kefu"
    line = refused(runner(tmp_path)("site", "list", KEFU_DATABASE_URL=url))
    assert "database" in line
    assert "hidden" not in line


def test_wrong_usage_is_exit_code_2(tmp_path: Path) -> None:
    assert runner(tmp_path)("db", "seed", "--size", "many").returncode == 2


def test_seeding_twice_is_refused(shop: tuple[Kefu, Path]) -> None:
    kefu, _ = shop
    assert "replace" in refused(kefu("db", "seed", "--size", "60"))


def test_demo_is_safe_to_repeat(shop: tuple[Kefu, Path]) -> None:
    kefu, var = shop
    before = (var / "demo-logins.json").read_text()
    assert kefu("demo").returncode == 0
    assert (var / "demo-logins.json").read_text() == before
    assert (var / "demo-logins.json").stat().st_mode & 0o777 == 0o600
    catalogue = json.loads((var / "catalogue.json").read_text())
    assert len(catalogue["products"]) == 300


def test_an_interrupted_demo_shop_is_made_anew(tmp_path: Path) -> None:
    kefu = runner(tmp_path)
    assert kefu("db", "upgrade").returncode == 0
    assert kefu("db", "seed", "--size", "30").returncode == 0
    marker = tmp_path / "demo-shop.incomplete"
    marker.write_text(f"sqlite:///{tmp_path / 'kefu.db'}")
    done = kefu("demo")
    assert done.returncode == 0, done.stderr
    assert "making the demo shop" in done.stdout
    assert not marker.exists()
    assert "making the demo shop" not in kefu("demo").stdout


def test_sites(shop: tuple[Kefu, Path]) -> None:
    kefu, _ = shop
    added = kefu("site", "add", "second", "--name", "Second", "--origin", "https://shop.example")
    assert added.returncode == 0
    secret = added.stdout.rsplit(" ", 1)[1].strip()
    sites = printed(kefu("site", "list", "--json"))["items"]
    assert {site["site_key"] for site in sites} == {"demo-shop", "second"}
    assert secret not in json.dumps(sites)
    rotated = kefu("site", "rotate-secret", "second")
    assert rotated.returncode == 0
    assert secret not in rotated.stdout
    refused(kefu("site", "add", "second", "--name", "Again"))
    refused(kefu("site", "rotate-secret", "absent"))
    cut = kefu("site", "rotate-secret", "second", "--now")
    assert "cut off" in cut.stdout
    assert kefu("site", "rotate-secret", "second", "--overlap", "soon").returncode == 2
    assert kefu("site", "require-identity", "second", "true").returncode == 0
    kefu("site", "add", "guests", "--name", "Guests", "--guests-only")
    assert "no secret" in refused(kefu("site", "require-identity", "guests", "true"))
    required = {
        site["site_key"]: site["identity_required"]
        for site in printed(kefu("site", "list", "--json"))["items"]
    }
    assert required == {"demo-shop": False, "guests": False, "second": True}
    assert kefu("site", "share-customers", "guests", "true").returncode == 0
    shares = {
        site["site_key"]: site["shares_customers"]
        for site in printed(kefu("site", "list", "--json"))["items"]
    }
    assert shares == {"demo-shop": True, "guests": True, "second": False}


def test_users(shop: tuple[Kefu, Path], tmp_path: Path) -> None:
    kefu, _ = shop
    password = tmp_path / "password"
    password.write_text("long enough for staff\n")
    add = ("user", "add", "mo@example.com", "--name", "Mo", "--password-file", str(password))
    assert kefu(*add).returncode == 0
    refused(kefu(*add))
    password.write_text("short")
    assert "10" in refused(
        kefu("user", "passwd", "mo@example.com", "--password-file", str(password))
    )
    assert kefu("user", "disable", "mo@example.com").returncode == 0
    users = {user["email"]: user for user in printed(kefu("user", "list", "--json"))["items"]}
    assert users["mo@example.com"]["disabled_at"]
    assert users["agent@demo.shop"]["role"] == "agent"


def test_a_customer_is_found_by_whatever_is_at_hand(shop: tuple[Kefu, Path]) -> None:
    kefu, var = shop
    database = open_database(load_settings(env_file=None, var=var))
    with database.reading() as session:
        one = demo_customers(session)[0]
        customer = CustomerService(session).get(one.customer.id, asker=AsSystem("test"))
    database.dispose()
    for which in (str(customer.id), customer.email, one.order_number):
        record = printed(kefu("customer", "show", str(which), "--json"))
        assert record["customer"]["id"] == str(customer.id)
        assert one.order_number in {order["number"] for order in record["orders"]}
        assert any(entry["kind"] == "purchase" for entry in record["timeline"])
    assert customer.name in kefu("customer", "show", str(customer.id)).stdout
    assert "no customer" in refused(kefu("customer", "show", "nobody@example.com"))


def test_analyses_reach_the_record(shop: tuple[Kefu, Path]) -> None:
    kefu, var = shop
    segments = printed(kefu("analyze", "segments", "--json"))
    assert sum(one["size"] for one in segments["segments"]) == segments["customers"]
    recommended = printed(kefu("analyze", "recommend", "--json"))
    assert recommended["recommendations"] > 0
    database = open_database(load_settings(env_file=None, var=var))
    with database.reading() as session:
        number = demo_customers(session)[3].order_number
    database.dispose()
    record = printed(kefu("customer", "show", number, "--json"))
    assert record["segment"]["rfm"].isdigit()
    assert all(offer["reason"] for offer in record["recommendations"])


def test_doctor_names_what_is_missing(shop: tuple[Kefu, Path], tmp_path: Path) -> None:
    kefu, _ = shop
    found = {item["what"]: item for item in json.loads(kefu("doctor", "--json").stdout)["items"]}
    assert found["database"]["ok"]
    assert found["Python"]["ok"]
    bare = runner(tmp_path)("doctor", "--json")
    assert bare.returncode == 1
    found = {item["what"]: item for item in json.loads(bare.stdout)["items"]}
    assert "kefu db upgrade" in found["database"]["detail"]


def test_chat_without_a_gateway_says_so(shop: tuple[Kefu, Path]) -> None:
    kefu, _ = shop
    line = refused(kefu("chat", "--say", "hello", KEFU_PORT="1"))
    assert "kefu up" in line


def test_what_customers_wrote_is_for_the_owner_alone(tmp_path: Path) -> None:
    var = tmp_path / "var"
    before = os.umask(0o022)
    try:
        assert runner(var)("db", "upgrade").returncode == 0
    finally:
        os.umask(before)
    open_to_others = [path for path in (var, *var.rglob("*")) if path.stat().st_mode & 0o077]
    assert (var / "kefu.db").is_file()
    assert open_to_others == []
