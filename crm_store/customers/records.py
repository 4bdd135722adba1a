"""Customers as staff enter and correct them.

People may share an address or a number, so neither is a key: who enters somebody with the contact
of another is told, and says so when it really is somebody else. Somebody who was erased is not
entered again by mistake; when they came back by themselves, they are a customer like any other.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from crm_store import fields
from crm_store.acts import note_act
from crm_store.asking import Asker
from crm_store.customers.errors import ContactKnown, PersonErased
from crm_store.customers.reached import reached_by
from crm_store.customers.scope import find_customer
from crm_store.editing import ChangedMeanwhile, unique
from crm_store.importing.cleaning.rules import BadValue, Tally
from crm_store.importing.cleaning.words import clean_locale
from crm_store.models import Customer, InteractionKind
from crm_store.permissions import Permission, require
from crm_store.privacy.identifiers import identifiers_of
from crm_store.privacy.tombstones import is_erased, lift_tombstones
from crm_store.texts import storable
from foundation.errors import Invalid

_TAKEN = "external_id: another customer has this one"
_MARKS = {"email": "e-mail address", "phone": "phone number", "external_id": "external id"}
_DEFAULT_LOCALE = "en"


def _locale(field: str, value: Any) -> str:
    if not value:
        return _DEFAULT_LOCALE
    try:
        return clean_locale(storable(str(value)).strip(), Tally())
    except BadValue:
        raise Invalid(f"{field}: a language, like de or zh-CN") from None


_CHECKS: dict[str, fields.Check] = {
    "external_id": fields.optional_line(128),
    "name": fields.line(200),
    "email": fields.email,
    "phone": fields.phone,
    "locale": _locale,
    "street": fields.optional_line(200),
    "postal_code": fields.optional_line(20),
    "city": fields.optional_line(100),
    "country": fields.country,
}


class CustomerRecords:
    """Enters and edits customers; each raises NotAllowed without the permission."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def create(
        self,
        values: Mapping[str, Any],
        *,
        asker: Asker,
        allow_same_contact: bool = False,
        came_back: bool = False,
    ) -> Customer:
        """A new customer.

        Args:
            values: name, and what else is known: e-mail, phone, locale, address, external id.
            asker: who enters them.
            allow_same_contact: somebody else has this address or number, and that is right.
            came_back: they were erased, and want to be a customer again.

        Raises:
            Invalid: a value is not acceptable; the detail names the field.
            ContactKnown: a customer has this e-mail address or phone number.
            PersonErased: somebody known by these was erased.
            Conflict: another customer has this external id.
        """
        _require_both(asker)
        given = fields.checked(values, _CHECKS)
        if "name" not in given:
            raise Invalid("name: must not be empty")
        if not came_back:
            self._refuse_erased(given)
        if not allow_same_contact:
            self._refuse_known(given, asker=asker)
        customer = Customer(**given)
        with unique(self._session, _TAKEN):
            self._session.add(customer)
        if came_back:
            lift_tombstones(self._session, identifiers_of(self._session, [customer.id]))
        self._note(asker, "customer.created", customer, given, "Entered as a customer by hand")
        return customer

    def edit(
        self,
        customer_id: UUID,
        changes: Mapping[str, Any],
        *,
        asker: Asker,
        seen: datetime,
        allow_same_contact: bool = False,
    ) -> Customer:
        """Change the fields that are given; the timeline names them, not their contents.

        Args:
            customer_id: whom; of a merged record, whom it became.
            changes: new values; None empties what may be empty.
            asker: who edits.
            seen: ``updated_at`` as the asker has seen it.
            allow_same_contact: somebody else has this address or number, and that is right.

        Raises:
            CustomerNotFound: there is no such customer.
            Invalid: a value is not acceptable; the detail names the field.
            ContactKnown: another customer has the new e-mail address or phone number.
            ChangedMeanwhile: the customer was changed since they were seen.
            Conflict: another customer has this external id.
        """
        _require_both(asker)
        values = fields.checked(changes, _CHECKS)
        customer = find_customer(self._session, customer_id, asker=asker, lock=True)
        if customer.updated_at != seen:
            at = customer.updated_at.strftime("%Y-%m-%d %H:%M UTC")
            raise ChangedMeanwhile(f"this customer was changed on {at}: look at it again")
        new = {name: value for name, value in values.items() if getattr(customer, name) != value}
        if not allow_same_contact:
            self._refuse_known(new, asker=asker, but=customer)
        with unique(self._session, _TAKEN):
            for name, value in new.items():
                setattr(customer, name, value)
        if new:
            self._note(
                asker, "customer.changed", customer, new, f"Profile changed: {fields.said(new)}"
            )
        return customer

    def _refuse_known(
        self, given: Mapping[str, Any], *, asker: Asker, but: Customer | None = None
    ) -> None:
        """Name what somebody else has too; who it is, the list of customers tells."""
        known = [
            words
            for name, words in _MARKS.items()
            if name in ("email", "phone")
            and given.get(name)
            and any(one is not but for one in reached_by(self._session, given[name], asker=asker))
        ]
        if known:
            raise ContactKnown(f"another customer has this {' and this '.join(known)}")

    def _refuse_erased(self, given: Mapping[str, Any]) -> None:
        by = is_erased(
            self._session,
            external_id=given.get("external_id"),
            email=given.get("email"),
            phone=given.get("phone"),
        )
        if by is not None:
            raise PersonErased(f"somebody with this {_MARKS[by]} was erased at their wish")

    def _note(
        self,
        asker: Asker,
        action: str,
        customer: Customer,
        changed: Mapping[str, Any],
        summary: str,
    ) -> None:
        note_act(
            self._session,
            asker,
            action,
            customer.id,
            {"fields": sorted(changed)},
            customer_id=customer.id,
            kind=InteractionKind.ACCOUNT,
            summary=summary,
        )


def _require_both(asker: Asker) -> None:
    """Who enters or changes a customer is shown them, and is told who else is like that."""
    require(asker, Permission.CUSTOMERS_READ)
    require(asker, Permission.CUSTOMERS_WRITE)
