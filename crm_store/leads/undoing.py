"""Taking a lead's conversion back, as long as nothing has come of it."""

from collections.abc import Callable
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import Column, Table, delete, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from crm_store.acts import note_act
from crm_store.asking import Asker, user_of
from crm_store.leads.conversion import conversion_facts
from crm_store.leads.errors import CannotUndo
from crm_store.leads.repository import LeadRepository
from crm_store.leads.service import LeadService
from crm_store.merging.references import references_to
from crm_store.models import (
    Account,
    AccountContact,
    Base,
    Customer,
    Lead,
    LeadConversion,
    Opportunity,
)
from crm_store.permissions import Permission, require
from foundation.clock import utc_now

UNDO_DAYS = 30
# Tables whose rows come and go with the row that they point to; any other means that it is in use.
_PARTS_OF_AN_OPPORTUNITY = frozenset({"lead_conversions", "stage_changes"})
_PARTS_OF_AN_ACCOUNT = frozenset({"lead_conversions"})
_PARTS_OF_A_CUSTOMER = frozenset({"lead_conversions", "interactions"})


class ConversionUndoing:
    """Removes what a conversion made. Raises LeadNotFound when the lead is absent."""

    def __init__(self, session: Session, *, clock: Callable[[], datetime] = utc_now) -> None:
        self._session = session
        self._clock = clock
        self._leads = LeadRepository(session)
        self._service = LeadService(session, clock=clock)

    def undo(self, lead_id: UUID, *, asker: Asker) -> Lead:
        """Remove what the conversion made, and let the lead be as it was before.

        Customers and accounts that were found rather than made stay.

        Raises:
            CannotUndo: the lead is not converted, it is too long ago, or what was made is in use.
            NotTheRecordsOwner: the lead is a colleague's.
        """
        require(asker, Permission.SALES_WRITE)
        lead = self._service.hold(lead_id, asker=asker)
        conversion = self._leads.conversion(lead_id)
        if conversion is None:
            raise CannotUndo("this lead is not converted")
        if self._clock() - conversion.at > timedelta(days=UNDO_DAYS):
            raise CannotUndo(f"this was more than {UNDO_DAYS} days ago")
        facts = conversion_facts(conversion)
        self._remove(conversion)
        self._session.refresh(conversion)
        conversion.undone_at, conversion.undone_by_id = self._clock(), user_of(asker)
        self._service.set_status(lead, conversion.status_before, asker=asker)
        note_act(
            self._session,
            asker,
            "lead.conversion_undone",
            lead.id,
            facts,
            customer_id=conversion.customer_id,  # one that was made is gone by now
            summary="A lead's conversion to this customer was undone",
        )
        return lead

    def _remove(self, conversion: LeadConversion) -> None:
        """Remove what points to something else first: opportunity, contact, account, customer."""
        account_id, customer_id = conversion.account_id, conversion.customer_id
        if conversion.opportunity_id is not None:
            self._refuse_worked_on(conversion.opportunity_id)
            self._delete(Opportunity, conversion.opportunity_id, own=_PARTS_OF_AN_OPPORTUNITY)
        if conversion.contact_made:
            self._session.execute(
                delete(AccountContact).where(
                    AccountContact.account_id == account_id,
                    AccountContact.customer_id == customer_id,
                )
            )
        if conversion.account_made and account_id is not None:
            self._delete(Account, account_id, own=_PARTS_OF_AN_ACCOUNT)
        if conversion.customer_made and customer_id is not None:
            self._delete(Customer, customer_id, own=_PARTS_OF_A_CUSTOMER)

    def _refuse_worked_on(self, opportunity_id: UUID) -> None:
        opportunity = self._session.get(Opportunity, opportunity_id)
        if opportunity is not None and opportunity.version > 1:
            raise CannotUndo("somebody has worked on the opportunity since")

    def _delete(self, model: type[Base], row_id: UUID, *, own: frozenset[str]) -> None:
        """Delete a row that nothing else has come to need.

        Raises:
            CannotUndo: something points to it that is not its ``own``.
        """
        table = model.__table__
        assert isinstance(table, Table)
        what = model.__name__.lower()
        needed = [c for c in references_to(table) if c.table.name not in own]
        used = {c.table.name.replace("_", " ") for c in needed if self._points(c, row_id)}
        if used:
            raise CannotUndo(f"the {what} is in use: {', '.join(sorted(used))}")
        try:
            with self._session.begin_nested():
                self._session.execute(delete(model).where(table.c.id == row_id))
        except IntegrityError:  # somebody came to need it this very moment
            raise CannotUndo(f"the {what} is in use") from None

    def _points(self, column: Column[object], row_id: UUID) -> bool:
        found = select(column).where(column == row_id).limit(1)
        return self._session.execute(found).first() is not None
