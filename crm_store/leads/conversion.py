"""A lead becomes a customer, with an account and an opportunity as asked.

What a lead says of themselves is not verified, so it never silently becomes somebody's record: when
a customer has the same e-mail address or phone number, a person chooses between them and a new one.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from crm_store import fields
from crm_store.accounts.errors import AccountNotFound
from crm_store.accounts.repository import AccountRepository
from crm_store.accounts.service import AccountService
from crm_store.acts import note_act
from crm_store.asking import Asker, user_of
from crm_store.customers.scope import find_customer
from crm_store.leads.errors import ChooseACustomer
from crm_store.leads.repository import Candidate, LeadRepository
from crm_store.leads.service import LeadService
from crm_store.models import Account, Customer, Lead, LeadConversion, LeadStatus, Opportunity
from crm_store.opportunities.service import OpportunityService
from crm_store.permissions import Permission, require
from foundation.clock import utc_now
from foundation.errors import Invalid


@dataclass(frozen=True, slots=True)
class ConversionWish:
    """What a lead shall become.

    Attributes:
        customer_id: the customer that it is; None with ``new_customer`` makes one.
        new_customer: make a new customer although somebody has the same contact.
        account_id: an account to join.
        new_account: a name for an account to make.
        opportunity: the values of an opportunity to open, as ``OpportunityService.create`` takes
            them; None opens none.
    """

    customer_id: UUID | None = None
    new_customer: bool = False
    account_id: UUID | None = None
    new_account: str | None = None
    opportunity: Mapping[str, Any] | None = None


class ConversionService:
    """Converts leads. Each raises LeadNotFound when the lead is absent."""

    def __init__(self, session: Session, *, clock: Callable[[], datetime] = utc_now) -> None:
        self._session = session
        self._clock = clock
        self._leads = LeadRepository(session)
        self._service = LeadService(session, clock=clock)

    def candidates(self, lead_id: UUID, *, asker: Asker) -> list[Candidate]:
        """Customers who may be the lead: a suggestion, the surely known ones first."""
        require(asker, Permission.CUSTOMERS_READ)
        return self._leads.candidates(self._service.get(lead_id, asker=asker), asker=asker)

    def conversion(self, lead_id: UUID, *, asker: Asker) -> LeadConversion | None:
        """What the lead became; None while it is a lead."""
        require(asker, Permission.SALES_READ)
        return self._leads.conversion(lead_id)

    def convert(
        self,
        lead_id: UUID,
        wish: ConversionWish,
        *,
        asker: Asker,
        version: int | None = None,
    ) -> LeadConversion:
        """Make of the lead what is wished, in one go; a converted lead gives its conversion.

        Raises:
            Invalid: the wish contradicts itself, or a value in it is not acceptable.
            ChooseACustomer: somebody has this contact, and the wish does not say who it is.
            CustomerNotFound: the chosen customer is absent.
            AccountNotFound: the chosen account is absent.
            NotTheRecordsOwner: the lead is a colleague's.
            ChangedMeanwhile: it is no longer in this version.
        """
        require(asker, Permission.SALES_WRITE)
        _refuse_contradictions(wish)
        lead = self._service.hold(lead_id, asker=asker)
        done = self._leads.conversion(lead_id)
        if done is not None:
            return done
        self._service.hold(lead_id, asker=asker, version=version)
        customer, customer_made = self._customer(lead, wish, asker)
        account, account_made = self._account(lead, wish, asker)
        contact_made = False
        if account is not None:
            there = AccountRepository(self._session).contact(account.id, customer.id)
            contact_made = there is None
            if contact_made:
                AccountService(self._session).set_contact(
                    account.id, customer.id, is_main=account_made, asker=asker
                )
        opportunity = self._opportunity(lead, wish, customer, account, asker)
        conversion = LeadConversion(
            lead_id=lead.id,
            status_before=lead.status,
            customer_id=customer.id,
            customer_made=customer_made,
            account_id=account.id if account else None,
            account_made=account_made,
            contact_made=contact_made,
            opportunity_id=opportunity.id if opportunity else None,
            at=self._clock(),
            user_id=user_of(asker),
        )
        self._session.add(conversion)
        self._service.set_status(lead, LeadStatus.CONVERTED, asker=asker)
        note_act(
            self._session,
            asker,
            "lead.converted",
            lead.id,
            conversion_facts(conversion),
            customer_id=customer.id,
            summary=f"Became a customer; was a lead from: {lead.source.value}",
            conversation_id=lead.conversation_id,
        )
        return conversion

    def _customer(self, lead: Lead, wish: ConversionWish, asker: Asker) -> tuple[Customer, bool]:
        if wish.customer_id is not None:
            return find_customer(self._session, wish.customer_id, asker=asker), False
        candidates = self._leads.candidates(lead, asker=asker)
        if candidates and not wish.new_customer:
            raise ChooseACustomer(
                f"{len(candidates)} of our customers have this e-mail address or phone number:"
                " choose one of them, or ask for a new customer"
            )
        customer = Customer(name=lead.name, email=lead.email, phone=lead.phone)
        self._session.add(customer)
        self._session.flush()
        return customer, True

    def _account(
        self, lead: Lead, wish: ConversionWish, asker: Asker
    ) -> tuple[Account | None, bool]:
        if wish.account_id is not None:
            account = AccountRepository(self._session).get(wish.account_id)
            if account is None:
                raise AccountNotFound
            return account, False
        if wish.new_account is None:
            return None, False
        owner_id = lead.owner_id or user_of(asker)
        values = {"name": wish.new_account, "owner_id": owner_id}
        return AccountService(self._session).create(values, asker=asker), True

    def _opportunity(
        self,
        lead: Lead,
        wish: ConversionWish,
        customer: Customer,
        account: Account | None,
        asker: Asker,
    ) -> Opportunity | None:
        if wish.opportunity is None:
            return None
        values = {
            "owner_id": lead.owner_id or user_of(asker),
            **wish.opportunity,
            "customer_id": customer.id,
            "account_id": account.id if account else None,
            "source": lead.source,
            "campaign_id": lead.campaign_id,
        }
        opportunities = OpportunityService(self._session, clock=self._clock)
        return opportunities.create(values, asker=asker)


def _refuse_contradictions(wish: ConversionWish) -> None:
    if wish.customer_id is not None and wish.new_customer:
        raise Invalid("new_customer: a customer was chosen already")
    if wish.account_id is not None and wish.new_account is not None:
        raise Invalid("new_account: an account was chosen already")
    if wish.new_account is not None:
        fields.line(200)("new_account", wish.new_account)


def conversion_facts(conversion: LeadConversion) -> dict[str, Any]:
    """What the audit log keeps of it: ids, and what was made."""
    names = ("customer_id", "account_id", "opportunity_id")
    ids = {name: str(getattr(conversion, name)) for name in names if getattr(conversion, name)}
    return {
        **ids,
        "customer_made": conversion.customer_made,
        "account_made": conversion.account_made,
    }
