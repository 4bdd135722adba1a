"""Customers: profiles and what belongs to them."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from crm_store.asking import Asker, AsStaff
from crm_store.audit import record
from crm_store.customers.card import customer_card
from crm_store.customers.contacts import (
    normalise_email,
    normalise_phone,
)
from crm_store.customers.listing import CustomerFilter, customer_page
from crm_store.customers.scope import find_customer, follow_merges
from crm_store.interactions import InteractionService
from crm_store.interactions.service import EVERYTHING, TimelineFilter
from crm_store.lists import ListQuery
from crm_store.models import Customer, Identity, Interaction, InteractionKind, Purpose, Site
from crm_store.pages import Page
from crm_store.permissions import Permission, require_or_own
from crm_store.privacy.consent import ConsentService
from crm_store.privacy.identifiers import identifiers_of
from crm_store.privacy.tombstones import lift_tombstones
from crm_store.sites.identity import HostIdentity
from crm_store.texts import storable
from foundation.clock import utc_now
from foundation.errors import Invalid


class CustomerService:
    """Finds, changes and exports customers. Each raises CustomerNotFound out of scope."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._interactions = InteractionService(session)

    def get(self, customer_id: UUID, *, asker: Asker) -> Customer:
        """The customer."""
        return find_customer(self._session, customer_id, asker=asker)

    def search(
        self, *, q: str | None = None, cursor: str | None = None, limit: int = 50, asker: Asker
    ) -> Page[Customer]:
        """Customers, the newest first; ``q`` is what ``CustomerFilter`` says of it."""
        return self.page(CustomerFilter(q=q), ListQuery(cursor=cursor, limit=limit), asker=asker)

    def page(
        self,
        wanted: CustomerFilter = CustomerFilter(),  # noqa: B008  # frozen
        query: ListQuery = ListQuery(),  # noqa: B008  # frozen
        *,
        asker: Asker,
    ) -> Page[Customer]:
        """Customers that match, sorted as asked; see ``crm_store.customers.listing``."""
        return customer_page(self._session, wanted, query, asker=asker)

    def from_host(self, site: Site, identity: HostIdentity) -> Customer:
        """The customer behind an identity that the host signed; made when the store has none.

        Looks for the identity on this site's channel; where the site shares the shop's customers,
        then for the host's id as ``external_id``. Else an id that two shops both give would open
        one's customer to the other's.
        What the host says fills blanks and never overwrites.
        """
        channel = f"site:{site.site_key}"
        customer = self._by_identity(channel, identity.subject)
        if customer is None:
            try:
                with self._session.begin_nested():
                    customer = self._link(channel, identity, shared=site.shares_customers)
            except IntegrityError:  # another request of the same customer was first
                customer = self._by_identity(channel, identity.subject)
                if customer is None:
                    raise
        email = normalise_email(identity.email or "")
        if customer.email is None and email:
            customer.email = email
        self._note_vouched(channel, identity)
        self._session.flush()
        return customer

    def update_profile(
        self,
        asker: Asker,
        customer_id: UUID,
        *,
        name: str | None = None,
        phone: str | None = None,
        email: str | None = None,
        street: str | None = None,
        postal_code: str | None = None,
        city: str | None = None,
        country: str | None = None,
    ) -> Customer:
        """Set the fields that are given; the timeline names them, not their contents.

        Raises:
            Invalid: a value is not acceptable; the detail names the field.
        """
        given = {
            "name": name,
            "phone": phone,
            "email": email,
            "street": street,
            "postal_code": postal_code,
            "city": city,
            "country": country,
        }
        values = {
            field: _CHECKS[field](field, value)
            for field, value in given.items()
            if value is not None
        }
        customer = self._to_change(customer_id, asker)
        changed = [field for field, value in values.items() if getattr(customer, field) != value]
        for field in changed:
            setattr(customer, field, values[field])
        if changed:
            self._session.flush()
            names = ", ".join(field.replace("_", " ") for field in changed)
            self._note(customer_id, f"Profile changed: {names}", {"fields": changed})
            facts = {"fields": changed}
            record(self._session, asker, "customer.changed", "customer", customer.id, facts)
        return customer

    def set_newsletter(self, customer_id: UUID, subscribed: bool, *, asker: Asker) -> Customer:
        """Subscribe to the newsletter, or unsubscribe; repeating it changes nothing."""
        customer = self._to_change(customer_id, asker)
        consents = ConsentService(self._session)
        if consents.allows(customer_id, Purpose.MARKETING_EMAIL) != subscribed:
            consents.decide(
                customer_id,
                Purpose.MARKETING_EMAIL,
                granted=subscribed,
                source="staff" if isinstance(asker, AsStaff) else "chat",
                asker=asker,
            )
        return customer

    def request_deletion(self, customer_id: UUID, *, asker: Asker) -> Customer:
        """Write down that the customer wants their account deleted; the first request counts."""
        customer = self._to_change(customer_id, asker)
        if customer.deletion_requested_at is None:
            customer.deletion_requested_at = utc_now()
            self._session.flush()
            self._note(customer_id, "Account deletion requested", {})
            action = "customer.deletion_requested"
            record(self._session, asker, action, "customer", customer.id)
        return customer

    def card(self, customer_id: UUID, *, asker: Asker) -> dict[str, Any]:
        """What to see at one glance, as JSON: orders, tickets, segment, recommendations."""
        return customer_card(self._session, customer_id, asker=asker)

    def timeline(
        self,
        customer_id: UUID,
        *,
        asker: Asker,
        filter: TimelineFilter = EVERYTHING,
        cursor: str | None = None,
        limit: int = 50,
    ) -> Page[Interaction]:
        """What happened with the customer, the newest first."""
        found = find_customer(self._session, customer_id, asker=asker)
        return self._interactions.timeline(found.id, filter=filter, cursor=cursor, limit=limit)

    def _to_change(self, customer_id: UUID, asker: Asker) -> Customer:
        """The customer, held against other writers.

        Raises:
            NotAllowed: a member of staff may not change customers.
        """
        require_or_own(asker, Permission.CUSTOMERS_WRITE)
        return find_customer(self._session, customer_id, asker=asker, lock=True)

    def _by_identity(self, channel: str, subject: str) -> Customer | None:
        return self._session.scalar(
            select(Customer)
            .join(Identity, Identity.customer_id == Customer.id)
            .where(Identity.channel == channel, Identity.subject == subject)
        )

    def _note_vouched(self, channel: str, identity: HostIdentity) -> None:
        """Keep with the identity which contacts the host vouches for, as it says now."""
        known = self._session.scalars(
            select(Identity).where(
                Identity.channel == channel, Identity.subject == identity.subject
            )
        ).one()
        email = normalise_email(identity.email or "") if identity.email_verified else None
        phone = normalise_phone(identity.phone or "") if identity.phone_verified else None
        if (known.verified_email, known.verified_phone) != (email, phone):
            known.verified_email, known.verified_phone = email, phone

    def _link(self, channel: str, identity: HostIdentity, *, shared: bool) -> Customer:
        external_id = identity.subject if shared else None
        customer = None
        if external_id is not None:
            customer = self._session.scalar(
                select(Customer).where(Customer.external_id == external_id)
            )
        if customer is not None:
            customer = follow_merges(self._session, customer)
        else:
            customer = Customer(
                external_id=external_id,
                name=identity.name or "Customer",
                email=normalise_email(identity.email or ""),
            )
            self._session.add(customer)
            self._session.flush()
        self._session.add(
            Identity(
                customer_id=customer.id,
                channel=channel,
                subject=identity.subject,
                verified_at=utc_now(),
            )
        )
        self._session.flush()
        # Somebody who was erased and comes back by themselves is a customer like any other.
        lift_tombstones(self._session, identifiers_of(self._session, [customer.id]))
        return customer

    def _note(self, customer_id: UUID, summary: str, data: dict[str, Any]) -> None:
        self._interactions.record(
            customer_id=customer_id, kind=InteractionKind.ACCOUNT, summary=summary, data=data
        )


def _text(limit: int) -> Callable[[str, str], str]:
    def check(field: str, value: str) -> str:
        cleaned = " ".join(storable(value).split())
        if not 1 <= len(cleaned) <= limit:
            raise Invalid(f"{field}: 1 to {limit} characters")
        return cleaned

    return check


def _email(field: str, value: str) -> str:
    email = normalise_email(storable(value))
    if email is None:
        raise Invalid(f"{field}: not an e-mail address")
    return email


def _phone(field: str, value: str) -> str:
    phone = normalise_phone(storable(value))
    if phone is None:
        raise Invalid(f"{field}: a number with its country code, like +49 30 1234567")
    return phone


def _country(field: str, value: str) -> str:
    country = value.strip().upper()
    if len(country) != 2 or not country.isascii() or not country.isalpha():
        raise Invalid(f"{field}: a code of two letters, like DE")
    return country


_CHECKS: dict[str, Callable[[str, str], str]] = {
    "name": _text(200),
    "phone": _phone,
    "email": _email,
    "street": _text(200),
    "postal_code": _text(20),
    "city": _text(100),
    "country": _country,
}
