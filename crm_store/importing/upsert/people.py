"""Which customers a batch's rows are about."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any
from uuid import UUID

from sqlalchemy import Select, select, text
from sqlalchemy.orm import Session

from crm_store.crypto.lookup import required_keyring
from crm_store.crypto.sealed import index_of
from crm_store.importing.ahead import Made
from crm_store.importing.upsert.membership import among, present_among
from crm_store.models import Customer

_AT_ONCE = 2_000
_PLANS = ("enable_seqscan", "enable_hashjoin", "enable_mergejoin")
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
        self._lock = lock and not _is_sqlite(session)

    def by_external_id(self, values: Iterable[str]) -> dict[str, Person]:
        """The customer with each of these ids of another system."""
        wanted = list(dict.fromkeys(values))
        found: dict[str, Person] = {}
        for part in _parts(wanted):
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

    def possible_duplicates(self, new: Sequence[Person], *, made: Made | None = None) -> int:
        """How many of these share an address or a number with an earlier one, or with a known one.

        By the blind indexes, without decrypting anything; linkage looks closer. While keys rotate,
        customers under the older key are passed over.

        Args:
            new: customers in the order of their keys, before they are written.
            made: what was made of them ahead of time.
        """
        keyring = required_keyring(self._session.get_bind().dialect)
        doubtful: set[UUID] = set()
        for name in ("email", "phone"):
            having = [person for person in new if person[name] is not None]
            forms = made.columns.get(name) if made is not None else None
            indexes = (
                keyring.index_all([person[name] for person in having], f"customers.{name}")
                if forms is None
                else [index_of(form) for form in forms if form is not None]
            )
            known = self._known(Customer.__table__.c[f"{name}_index"], indexes)
            shared = {index for index, times in Counter(indexes).items() if times > 1}
            if not known and not shared:
                continue
            for person, index in zip(having, indexes, strict=True):
                if index in known:
                    doubtful.add(person["id"])
                elif index in shared:
                    known.add(index)  # the first to have it
        return len(doubtful)

    def _known(self, column: Any, indexes: list[str]) -> set[str]:
        with self._by_index_alone():
            return {
                index
                for part in _parts(indexes)
                for index in self._session.scalars(present_among(self._session, column, part))
            }

    @contextmanager
    def _by_index_alone(self) -> Iterator[None]:
        """A table that grows by the second has no statistics: PostgreSQL would read all of it."""
        if _is_sqlite(self._session):
            yield
            return
        for name in _PLANS:
            self._session.execute(text(f"SET LOCAL {name} = off"))
        yield
        for name in _PLANS:
            self._session.execute(text(f"SET LOCAL {name} = on"))

    def _by_contact(self, name: str, values: Iterable[str]) -> dict[str, list[Person]]:
        index = getattr(Customer, f"{name}_index")
        names = self._indexes(name, values)
        found: dict[str, list[Person]] = {}
        for part in _parts(list(names)):
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
        for part in _parts(list(merged)):
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


def _parts(values: list[Any]) -> Iterable[list[Any]]:
    """Statements of a size that every database takes, and few different ones to prepare."""
    for at in range(0, len(values), _AT_ONCE):
        yield values[at : at + _AT_ONCE]


def _once(people: Iterable[Person]) -> list[Person]:
    return list({person["id"]: person for person in people}.values())


def _is_sqlite(session: Session) -> bool:
    return session.get_bind().dialect.name == "sqlite"
