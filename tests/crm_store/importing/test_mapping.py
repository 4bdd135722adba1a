"""Mappings: proposed, written down, read again, refused with the place of what is wrong."""

from pathlib import Path

import pytest

from crm_store.importing.errors import BadMapping, UnknownTarget
from crm_store.importing.mapping import BadValues, ConflictPolicy, Mapping
from crm_store.importing.mapping.propose import CERTAIN, plain_name
from crm_store.importing.mapping.yaml_file import load_mapping, write_mapping
from crm_store.importing.targets import TARGETS, target_named
from tests.crm_store.importing.conftest import Imports, counts, csv_file, proposal_for, reasons


@pytest.mark.parametrize(
    ("header", "fields"),
    [
        (
            "Customer ID,Full Name,E-mail Address,Mobile,ZIP Code",
            "external_id name email phone postal_code",
        ),
        ("Kundennr.,Vorname,Nachname,E-Mail,Ort", "external_id first_name last_name email city"),
        ("客户编号,姓名,邮箱,手机号,城市", "external_id name email phone city"),
        ("customerId,lastName,emailAddress,streetAddress", "external_id last_name email street"),
    ],
)
def test_names_in_three_languages(tmp_path: Path, header: str, fields: str) -> None:
    path = csv_file(tmp_path / "a.csv", header, [])
    proposal = proposal_for(path, "customers")
    assert [guess.field for guess in proposal.guesses] == fields.split()
    assert all(guess.certainty >= CERTAIN for guess in proposal.guesses)


def test_values_tell_what_names_do_not(tmp_path: Path) -> None:
    rows = [f"{n},p{n}@example.com,Germany,Anna Berg" for n in range(9)]
    path = csv_file(tmp_path / "a.csv", "k,contact,where,who", rows)
    proposal = proposal_for(path, "customers")
    fields = {guess.column: guess.field for guess in proposal.guesses}
    assert (fields["contact"], fields["where"]) == ("email", "country")
    assert "name" in " ".join(proposal.doubts)


def test_values_that_do_not_fit_make_a_name_doubtful(tmp_path: Path) -> None:
    rows = [f"C-{n},Anna Berg,see notes" for n in range(9)]
    path = csv_file(tmp_path / "a.csv", "id,name,email", rows)
    guess = proposal_for(path, "customers").guesses[2]
    assert guess.field is None or guess.certainty < CERTAIN


@pytest.mark.parametrize(
    ("name", "certain"),
    [
        ("Person 12", True),
        ("R2-D2", True),
        ("12", False),
        ("+49 30 1234567", False),
        ("a@example.com", False),
        ("2024-03-05", False),
        ("12,50 €", False),
    ],
)
@pytest.mark.parametrize("header", ["name", "Name"])
def test_a_field_by_its_own_name_is_doubtful_only_where_its_values_are_something_else(
    tmp_path: Path, name: str, header: str, certain: bool
) -> None:
    path = csv_file(tmp_path / "a.csv", f"id;{header}", [f"C-{n};{name}" for n in range(9)])
    proposal = proposal_for(path, "customers")
    assert proposal.is_certain is certain
    if not certain:
        assert any("name" in doubt for doubt in proposal.doubts)


def test_a_synonym_with_odd_values_stays_doubtful(tmp_path: Path) -> None:
    path = csv_file(tmp_path / "a.csv", "id,customer", [f"C-{n},Person {n}" for n in range(9)])
    assert not proposal_for(path, "customers").is_certain


@pytest.mark.parametrize(("good", "certain"), [(9, True), (5, True), (3, False)])
def test_some_bad_values_do_not_change_what_a_column_is(
    tmp_path: Path, good: int, certain: bool
) -> None:
    rows = [f"Anna,a{n}@example.com" for n in range(good)] + ["Ben,see notes"] * (10 - good)
    proposal = proposal_for(csv_file(tmp_path / "a.csv", "name,email", rows), "customers")
    assert proposal.is_certain is certain


def test_dates_that_leave_it_open_are_doubtful(tmp_path: Path) -> None:
    path = csv_file(tmp_path / "a.csv", "id,name,created at", ["C-1,Anna,03/04/2024"])
    assert "created_at" in proposal_for(path, "customers").doubts[0]
    assert proposal_for(path, "customers", region="US").is_certain


def test_a_mapping_file_says_everything(tmp_path: Path, sqlite_imports: Imports) -> None:
    (tmp_path / "map.yml").write_text(
        """
as: customers
columns:
  Nr: external_id
  Kunde: {field: name}
  Seit: {field: created_at, format: "%Y/%d/%m"}
  Kanal: {field: newsletter, values: {Post: "no", Mail: "yes"}}
  Ort: {field: city, on_bad: blank}
constants: {country: Austria, locale: de}
region: AT
conflict: fill
on_bad: blank
delimiter: ";"
""",
        encoding="utf-8",
    )
    mapping = load_mapping(tmp_path / "map.yml", target="customers")
    assert (mapping.conflict, mapping.on_bad) == (ConflictPolicy.FILL, BadValues.BLANK)
    path = csv_file(tmp_path / "a.csv", "Nr;Kunde;Seit;Kanal;Ort", ["1;Anna;2024/31/01;Mail;Graz"])
    report = sqlite_imports(path, **{name: getattr(mapping, name) for name in Mapping.model_fields})
    assert counts(report) == (1, 0, 0, 0)


def test_what_is_written_is_read_again(tmp_path: Path) -> None:
    path = csv_file(tmp_path / "a.csv", "id,name,email,odd", ["C-1,Anna,a@example.com,x"])
    proposal = proposal_for(path, "customers")
    text = write_mapping(proposal.mapping, proposal)
    assert "# odd -> left out" in text
    (tmp_path / "map.yml").write_text(text, encoding="utf-8")
    assert load_mapping(tmp_path / "map.yml") == proposal.mapping


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("columns: [", "not YAML at line"),
        ("[]", "keys and values"),
        ("as: customers", "columns"),
        ("as: orders\ncolumns: {}", "for orders, not for customers"),
        ("columns: {a: {field: name, colour: red}}", "colour"),
        ("columns: {a: name}\nregion: Germany", "region: Germany is no country's code"),
        ("columns: {a: name}\nregion: XX", "region: XX is no country's code"),
        ("columns: {a: name}\ncurrency: QQQ", "currency: QQQ is no currency's code"),
        ("columns: {a: name}\nzone: Mars/Olympus", "zone: Mars/Olympus is no time zone"),
        ("columns: {a: name}\nzone: ../etc", "zone: ../etc is no time zone"),
        ("columns: {a: name}\nzone: ''", "zone:  is no time zone"),
        ("columns: {a: name}\nconflict: maybe", "conflict"),
    ],
)
def test_what_is_wrong_with_a_file_is_named(tmp_path: Path, text: str, complaint: str) -> None:
    (tmp_path / "map.yml").write_text(text, encoding="utf-8")
    with pytest.raises(BadMapping, match=complaint):
        load_mapping(tmp_path / "map.yml", target="customers")


@pytest.mark.parametrize("given", [{"region": "XX"}, {"currency": "QQQ"}, {"region": "de"}])
def test_a_code_that_means_nothing_is_no_proposal(tmp_path: Path, given: dict[str, str]) -> None:
    path = csv_file(tmp_path / "a.csv", "id,name", ["C-1,Anna"])
    ((name, code),) = given.items()
    with pytest.raises(BadMapping, match=f"{name}: {code} is no"):
        proposal_for(path, "customers", **given)


@pytest.mark.parametrize(
    ("columns", "complaint"),
    [
        ({"nope": "name", "id": "external_id"}, "no column"),
        ({"id": "shoe_size"}, "no field"),
        ({"id": "name", "name": "name"}, "twice"),
        ({"name": "name"}, "external_id or email or phone"),
    ],
)
def test_a_mapping_must_fit_the_file(columns: dict[str, str], complaint: str) -> None:
    mapping = Mapping.read({"target": "customers", "columns": columns})
    with pytest.raises(BadMapping, match=complaint):
        mapping.check(target_named("customers"), ["id", "name"])


def test_a_bad_constant_is_named(sqlite_imports: Imports) -> None:
    with pytest.raises(BadMapping, match="constants: country"):
        sqlite_imports(["id,name", "C-1,Anna"], constants={"country": "Atlantis"})


def test_constants_are_in_every_row_and_cells_go_before_them(sqlite_imports: Imports) -> None:
    report = sqlite_imports(["id,name,phone", "C-1,Anna,030 1234567"], constants={"country": "DE"})
    assert counts(report) == (1, 0, 0, 0)
    assert reasons(report) == []


def test_every_target_can_be_keyed() -> None:
    for target in TARGETS.values():
        names = [field.name for field in target.fields]
        assert len(names) == len(set(names))
        for group in (*target.required, *target.for_new):
            assert set(group) <= set(names)
    with pytest.raises(UnknownTarget, match="customers"):
        target_named("shoes")


def test_names_are_compared_plainly() -> None:
    assert plain_name(" customer_eMail ") == "customer e mail"
    assert plain_name("Order-No.") == "order no"
