"""Which customers a batch's rows are about."""

from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from crm_store.crypto.lookup import required_keyring
from crm_store.importing.upsert.membership import among, is_sqlite, parts
from crm_store.models import Customer

Person = dict[str, Any]


class People:
    """Customers by what names them; records that were merged lead to the one that stays."""

    def __init__(
        self, session: Session, columns: Sequence[str] = (), *, lock: bool = False
    ) -> None:
        """Prepare the look-ups.

        Args:
            session: the transaction.
            columns: of customers, that the caller wants to see beside the key.
            lock: whether what is found may not change until the end of the transaction.
        """
        self._session = session
        self._names = ("id", "external_id", "merged_into_id", *columns)
        self._lock = lock and not is_sqlite(session)

    def by_external_id(self, values: Iterable[str]) -> dict[str, Person]:
        """The customer with each of these ids of another system."""
        wanted = list(dict.fromkeys(values))
        found: dict[str, Person] = {}
        for part in parts(wanted):
            statement = self._statement().where(among(self._session, Customer.external_id, part))
            for person in self._fetch(statement):
                found[person["external_id"]] = person
        return self._stay(found)

    def by_email(self, values: Iterable[str]) -> dict[str, list[Person]]:
        """The customers with each of these addresses; people may share one."""
        return self._by_contact("email", values)

    def by_phone(self, values: Iterable[str]) -> dict[str, list[Person]]:
        """The customers with each of these numbers."""
        return self._by_contact("phone", values)

    def _by_contact(self, name: str, values: Iterable[str]) -> dict[str, list[Person]]:
        index = getattr(Customer, f"{name}_index")
        names = self._indexes(name, values)
        found: dict[str, list[Person]] = {}
        for part in parts(list(names)):
            statement = (
                self._statement()
                .add_columns(index.label("found_by"))
                .where(among(self._session, index, part))
            )
            for person in self._fetch(statement):
                found.setdefault(names[person.pop("found_by")], []).append(person)
        return {
            value: _once(self._stay(dict(enumerate(people))).values())
            for value, people in found.items()
        }

    def _indexes(self, name: str, values: Iterable[str]) -> dict[str, str]:
        """Each value's blind indexes; while keys rotate, a value has several."""
        keyring = required_keyring(self._session.get_bind().dialect)
        column = f"customers.{name}"
        return {
            index: value
            for value in dict.fromkeys(values)
            for index in keyring.indexes(value, column)
        }

    def _statement(self) -> Select[Any]:
        statement = select(*(Customer.__table__.c[name] for name in dict.fromkeys(self._names)))
        return statement.with_for_update() if self._lock else statement

    def _fetch(self, statement: Select[Any]) -> list[Person]:
        return [dict(row) for row in self._session.execute(statement).mappings()]

    def _stay(self, found: dict[Any, Person]) -> dict[Any, Person]:
        merged = {person["merged_into_id"] for person in found.values() if person["merged_into_id"]}
        if not merged:
            return found
        staying: dict[UUID, Person] = {}
        for part in parts(list(merged)):
            for person in self._fetch(self._statement().where(Customer.id.in_(part))):
                staying[person["id"]] = person
        return {key: staying.get(person["merged_into_id"], person) for key, person in found.items()}


class Whose:
    """Finds the customer that a row of another kind names."""

    def __init__(self, people: People, rows: Iterable[dict[str, Any]]) -> None:
        rows = list(rows)
        self._external = people.by_external_id(_given(rows, "customer_external_id"))
        self._email = people.by_email(_given(rows, "customer_email"))
        self._phone = people.by_phone(_given(rows, "customer_phone"))

    def of(self, row: dict[str, Any]) -> tuple[Person | None, str, str]:
        """The customer; or None with the field and the reason."""
        external_id = row.get("customer_external_id")
        if external_id is not None and external_id in self._external:
            return self._external[external_id], "", ""
        reason = ("customer_external_id", "no customer has this id")
        for name, known in (("customer_email", self._email), ("customer_phone", self._phone)):
            if name not in row:
                continue
            found = known.get(row[name], [])
            if len(found) == 1:
                return found[0], "", ""
            what = "several customers have it" if found else "no customer has it"
            reason = (name, what)
        return None, *reason


def _given(rows: Iterable[dict[str, Any]], name: str) -> list[str]:
    return [row[name] for row in rows if name in row]


def _once(people: Iterable[Person]) -> list[Person]:
    return list({person["id"]: person for person in people}.values())
