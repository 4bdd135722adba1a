"""Customers: by the id of another system, else by e-mail or phone where that is sure."""

from collections.abc import Container, Mapping, Set
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from crm_store.crypto.lookup import required_keyring
from crm_store.importing.cleaning.table import CleanBatch
from crm_store.importing.mapping import ConflictPolicy
from crm_store.importing.newcomers import NewcomersAhead
from crm_store.importing.upsert.base import Outcome, Rows, changes
from crm_store.importing.upsert.consents import ConsentWriter
from crm_store.importing.upsert.doubles import indexes_of, possible_duplicates
from crm_store.importing.upsert.loading import insert_rows, update_rows
from crm_store.importing.upsert.newcomers import add_newcomers
from crm_store.importing.upsert.people import People, Person
from crm_store.models import Customer, Purpose
from crm_store.privacy.tombstones import erased_among
from foundation.clock import utc_now
from foundation.ids import new_id

_COLUMNS = (
    "external_id", "name", "email", "phone", "locale", "street", "postal_code", "city", "country",
    "created_at",
)  # fmt: skip
_BLANK = dict.fromkeys((*_COLUMNS, "updated_at")) | {"locale": "en"}
_NAME_LIMIT = 200


class CustomerUpserter:
    """Adds customers and changes those that are known."""

    def __init__(self, policy: ConflictPolicy, column_of: Mapping[str, str]) -> None:
        self._policy = policy
        self._column_of = column_of

    def apply(self, session: Session, batch: CleanBatch) -> Outcome:
        """Bring the batch's customers into the store."""
        return _Batch(session, batch, self._policy, self._column_of).apply()


class _Batch:
    """One batch: what the store knows of its people, and what becomes of them."""

    def __init__(
        self,
        session: Session,
        batch: CleanBatch,
        policy: ConflictPolicy,
        column_of: Mapping[str, str],
    ) -> None:
        self._session = session
        self._policy = policy
        self._rows = Rows(batch, column_of)
        self._batch = batch
        self._people = People(session, _COLUMNS, lock=True)
        self._created: dict[UUID, Person] = {}
        self._places: list[int] = []
        self._rewritten: set[UUID] = set()
        self._changed: dict[UUID, dict[str, Any]] = {}
        self._newsletter: dict[UUID, bool] = {}
        now = utc_now()
        self._blank = _BLANK | {"created_at": now, "updated_at": now}

    def apply(self) -> Outcome:
        # Who was erased is asked first, and the rows are not looked at if nobody was.
        erased, made = erased_among(self._session, self._batch.rows), self._batch.made
        if made is not None and not erased:
            added = add_newcomers(self._session, made)
            if added is not None:
                return added
        return self._apply_each(erased)

    def _apply_each(self, erased: Container[int]) -> Outcome:
        outcome = self._rows.outcome
        for _, row in self._rows:
            if "first_name" in row or "last_name" in row:
                join_names(row)
        self._load_known()
        for at, row in self._rows:
            if at in erased:
                outcome.erased += 1
                continue
            self._settle(at, row)
        self._write_new(outcome)
        self._write_changed()
        decided = ConsentWriter(self._session).decide(
            [
                (customer_id, Purpose.MARKETING_EMAIL, granted)
                for customer_id, granted in self._newsletter.items()
            ],
            new=self._created,
        )
        self._recount(outcome, decided)
        return outcome

    def _load_known(self) -> None:
        by_contact = [row for row in self._batch.rows if "external_id" not in row]
        self._external = self._people.by_external_id(
            row["external_id"] for row in self._batch.rows if "external_id" in row
        )
        self._email = self._people.by_email(row["email"] for row in by_contact if "email" in row)
        self._phone = self._people.by_phone(
            row["phone"] for row in by_contact if "email" not in row and "phone" in row
        )
        self._counted: list[tuple[UUID, bool]] = []

    def _settle(self, at: int, row: dict[str, Any]) -> None:
        try:
            person = self._known(row)
        except _SharedContact as shared:
            self._rows.reject(at, shared.field, "several customers have it, and no id tells which")
            return
        if person is None:
            self._add(at, row)
        else:
            self._change(person, row)

    def _known(self, row: dict[str, Any]) -> Person | None:
        external_id = row.get("external_id")
        if external_id is not None:
            return self._external.get(external_id)
        for field, known in (("email", self._email), ("phone", self._phone)):
            if field in row:
                found = known.get(row[field], [])
                if len(found) > 1:
                    raise _SharedContact(field)
                return found[0] if found else None
        return None

    def _add(self, at: int, row: dict[str, Any]) -> None:
        if "name" not in row:
            self._rows.reject(at, "name", "no name, and nobody is known by this key")
            return
        person: Person = {**self._blank, **row, "id": new_id()}
        self._created[person["id"]] = person
        self._places.append(at)
        self._rows.outcome.created += 1
        self._remember(person, row)

    def _remember(self, person: Person, row: dict[str, Any]) -> None:
        """Let later rows of the batch find a customer whom an earlier one has made."""
        if person["external_id"] is not None:
            self._external[person["external_id"]] = person
        elif person["email"] is not None:
            self._email.setdefault(person["email"], []).append(person)
        elif person["phone"] is not None:
            self._phone.setdefault(person["phone"], []).append(person)
        if "newsletter" in row:
            self._newsletter[person["id"]] = row["newsletter"]

    def _change(self, person: Person, row: dict[str, Any]) -> None:
        found = changes(person, row, _COLUMNS[1:], self._policy)
        key = person["id"]
        if found:
            person |= found
            if key in self._created:
                self._rewritten.add(key)
            else:
                self._changed.setdefault(key, {}).update(found)
        if "newsletter" in row and self._policy is not ConflictPolicy.SKIP:
            self._newsletter[key] = row["newsletter"]
        self._counted.append((key, bool(found)))

    def _write_new(self, outcome: Outcome) -> None:
        people, made = list(self._created.values()), self._batch.made
        if made is not None:
            keyring = required_keyring(self._session.get_bind().dialect)
            made = made.of(self._places, keyring.newest.id)
        rewritten = [one for one in people if one["id"] in self._rewritten]
        indexes = indexes_of(self._session, people, None if rewritten else made)
        outcome.possible_duplicates = possible_duplicates(self._session, indexes)
        if rewritten and made is not None:
            # What was made ahead of time is of their first row in the batch.
            insert_rows(self._session, Customer, rewritten)
            kept = [at for at, one in enumerate(people) if one["id"] not in self._rewritten]
            people, made = [people[at] for at in kept], made.of(kept, made.key_id)
        insert_rows(self._session, Customer, people, made=made)

    def _write_changed(self) -> None:
        now = utc_now()
        update_rows(
            self._session,
            Customer,
            ((key, values | {"updated_at": now}) for key, values in self._changed.items()),
        )

    def _recount(self, outcome: Outcome, decided: set[UUID]) -> None:
        """Count each row of the known; a decision that is new changes who else would not."""
        if not self._counted:
            return
        decided = decided - self._created.keys()
        for key, is_changed in self._counted:
            if is_changed or key in decided:
                outcome.updated += 1
                decided.discard(key)
            else:
                outcome.unchanged += 1


def newcomers_ahead(fields: Set[str]) -> NewcomersAhead:
    """How to make rows with these fields whole."""
    return NewcomersAhead(frozenset(_COLUMNS) & fields, blank={"locale": _BLANK["locale"]})


class _SharedContact(Exception):
    def __init__(self, field: str) -> None:
        self.field = field


def join_names(row: dict[str, Any]) -> None:
    """Make a name of a first and a last one, where the row has no whole one."""
    first, last = row.pop("first_name", None), row.pop("last_name", None)
    if "name" not in row and (first or last):
        row["name"] = " ".join(part for part in (first, last) if part)[:_NAME_LIMIT]
