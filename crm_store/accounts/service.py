"""Accounts: companies, their contacts, and making one of two."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from crm_store import fields
from crm_store.accounts.errors import AccountNotFound
from crm_store.accounts.repository import (
    IN_FORCE,
    AccountFilter,
    AccountRepository,
    Standing,
)
from crm_store.acts import note_act
from crm_store.asking import Asker, user_of
from crm_store.bulk import RowResult, edit_each
from crm_store.customers.scope import find_customer
from crm_store.editing import hold, must_be_staff, touch, unique, write
from crm_store.lists import ListQuery
from crm_store.models import Account, AccountContact, Customer
from crm_store.pages import Page
from crm_store.permissions import Permission, require
from foundation.errors import Conflict, Invalid

_TAKEN = "external_id: another account has this one"
_CHECKS: dict[str, fields.Check] = {
    "external_id": fields.optional_line(128),
    "name": fields.line(200),
    "website": fields.optional_line(200),
    "industry": fields.optional_line(64),
    "employees": fields.maybe(fields.within(0, 10_000_000)),
    "country": fields.country,
    "notes": fields.prose(20_000),
    "owner_id": fields.maybe(fields.identifier),
}


@dataclass(frozen=True, slots=True)
class AccountDetail:
    """An account with the people who speak for it and how its opportunities stand."""

    account: Account
    contacts: Sequence[tuple[AccountContact, Customer]]
    standing: list[Standing]


class AccountService:
    """Each raises NotAllowed without the permission and AccountNotFound when it is absent."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._accounts = AccountRepository(session)

    def page(
        self,
        *,
        asker: Asker,
        wanted: AccountFilter = AccountFilter(),  # noqa: B008  # frozen
        query: ListQuery = ListQuery(),  # noqa: B008  # frozen
    ) -> Page[Account]:
        """Accounts that match, sorted as asked."""
        require(asker, Permission.SALES_READ)
        return self._accounts.page(wanted, query)

    def get(self, account_id: UUID, *, asker: Asker) -> AccountDetail:
        """One account with its contacts and opportunities."""
        require(asker, Permission.SALES_READ)
        account = self._accounts.get(account_id)
        if account is None:
            raise AccountNotFound
        return AccountDetail(
            account, self._accounts.contacts(account_id), self._accounts.standing(account_id)
        )

    def create(self, values: Mapping[str, Any], *, asker: Asker) -> Account:
        """A new account; without an owner it is its maker's.

        Raises:
            Invalid: a value is not acceptable.
            Conflict: another account has this external id.
        """
        require(asker, Permission.SALES_WRITE)
        given = fields.checked({"owner_id": user_of(asker), **values}, _CHECKS)
        if "name" not in given:
            raise Invalid("name: must not be empty")
        must_be_staff(self._session, given["owner_id"])
        account = Account(**given, updated_by_id=user_of(asker))
        with unique(self._session, _TAKEN):
            self._session.add(account)
        note_act(self._session, asker, "account.created", account.id)
        return account

    def edit(
        self,
        account_id: UUID,
        changes: Mapping[str, Any],
        *,
        asker: Asker,
        version: int | None = None,
    ) -> Account:
        """Change the fields that are given.

        Raises:
            Invalid: a value is not acceptable.
            NotTheRecordsOwner: it is a colleague's.
            ChangedMeanwhile: it is no longer in this version.
        """
        require(asker, Permission.SALES_WRITE)
        values = fields.checked(changes, _CHECKS)
        account = self._hold(account_id, asker=asker, version=version)
        if "owner_id" in values:
            must_be_staff(self._session, values["owner_id"])
        with unique(self._session, _TAKEN):
            changed = write(self._session, account, values, asker=asker)
        if changed:
            note_act(self._session, asker, "account.edited", account.id, {"fields": changed})
        return account

    def edit_many(
        self, ids: Sequence[UUID], changes: Mapping[str, Any], *, asker: Asker
    ) -> list[RowResult]:
        """The same change of several accounts; see ``crm_store.bulk``."""
        require(asker, Permission.SALES_WRITE)
        return edit_each(
            self._session, ids, lambda one: self.edit(one, changes, asker=asker).version
        )

    def set_contact(
        self,
        account_id: UUID,
        customer_id: UUID,
        *,
        title: str | None = None,
        is_main: bool = False,
        asker: Asker,
    ) -> AccountContact:
        """Make a customer a contact of the account, or change what they are there.

        Raises:
            CustomerNotFound: there is no such customer.
        """
        require(asker, Permission.SALES_WRITE)
        title = fields.optional_line(100)("title", title)
        account = self._hold(account_id, asker=asker)
        find_customer(self._session, customer_id, asker=asker)
        contact = self._accounts.contact(account_id, customer_id)
        is_new = contact is None
        if contact is None:
            contact = AccountContact(account_id=account_id, customer_id=customer_id)
            self._session.add(contact)
        if is_main:
            self._accounts.clear_main(account_id)
        contact.title, contact.is_main = title, is_main
        touch(account, asker=asker)
        self._session.flush()
        note_act(
            self._session,
            asker,
            "account.contact_set",
            account_id,
            {"customer_id": str(customer_id), "is_main": is_main},
            customer_id=customer_id if is_new else None,
            summary=f"Became a contact of {account.name}",
        )
        return contact

    def remove_contact(self, account_id: UUID, customer_id: UUID, *, asker: Asker) -> None:
        """Let a customer be no contact any more; somebody who is none changes nothing."""
        require(asker, Permission.SALES_WRITE)
        account = self._hold(account_id, asker=asker)
        contact = self._accounts.contact(account_id, customer_id)
        if contact is None:
            return
        self._session.delete(contact)
        touch(account, asker=asker)
        self._session.flush()
        note_act(
            self._session,
            asker,
            "account.contact_removed",
            account_id,
            {"customer_id": str(customer_id)},
            customer_id=customer_id,
            summary=f"Is no contact of {account.name} any more",
        )

    def merge(
        self, survivor_id: UUID, loser_id: UUID, *, asker: Asker, version: int | None = None
    ) -> Account:
        """Make one account of two: contacts, opportunities and tasks go to the survivor.

        Blanks of the survivor are filled from the loser. The loser stays as a hidden row that
        points to the survivor, so that its external id is still found by an import.

        Raises:
            Conflict: both are the same account.
            NotTheRecordsOwner: one of them is a colleague's.
            ChangedMeanwhile: the survivor is no longer in this version.
        """
        require(asker, Permission.SALES_WRITE)
        if survivor_id == loser_id:
            raise Conflict("an account cannot be merged into itself")
        # In the order of their ids, so that two merges cannot lock each other out.
        held = {
            one: self._hold(one, asker=asker, version=version if one == survivor_id else None)
            for one in sorted((survivor_id, loser_id))
        }
        survivor, loser = held[survivor_id], held[loser_id]
        filled = [
            name
            for name in ("website", "industry", "employees", "country", "owner_id")
            if getattr(survivor, name) is None and getattr(loser, name) is not None
        ]
        for name in filled:
            setattr(survivor, name, getattr(loser, name))
        if loser.notes and loser.notes not in survivor.notes:
            survivor.notes = f"{survivor.notes}\n\n{loser.notes}".strip()[:20_000]
        loser.merged_into_id = survivor_id
        touch(loser, asker=asker)
        touch(survivor, asker=asker)
        self._session.flush()
        moved = self._accounts.move_all(loser_id, survivor_id)
        self._session.refresh(survivor)
        note_act(
            self._session,
            asker,
            "account.merged",
            survivor_id,
            {"from": str(loser_id), "filled": filled, "moved": moved},
        )
        return survivor

    def _hold(self, account_id: UUID, *, asker: Asker, version: int | None = None) -> Account:
        return hold(
            self._session,
            Account,
            account_id,
            asker=asker,
            version=version,
            absent=AccountNotFound,
            among=IN_FORCE,
        )
