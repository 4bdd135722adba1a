"""Leads, accounts and opportunities of another CRM."""

from sqlalchemy import select

from crm_store.asking import AsSystem
from crm_store.database import Database
from crm_store.models import Account, Lead, LeadSource, Opportunity, OpportunityStatus, StageChange
from crm_store.pipelines.service import PipelineService
from tests.crm_store.importing.conftest import Imports, counts, reasons
from tests.factories import make_customer

ASKER = AsSystem("a test")


def test_leads_come_in_once(imports: Imports, database: Database) -> None:
    rows = [
        "lead id,first name,last name,email,company,lead source,status",
        "L-1,Anna,Berg,anna@example.com,Berg GmbH,Messe,contacted",
        ",Ben,Uhl,ben@example.com,,,",
        "L-3,,,x@example.com,,,",
    ]
    report = imports(rows, "leads")
    assert counts(report) == (2, 0, 0, 1)
    assert reasons(report) == ["4 name: needed for a new lead"]
    assert counts(imports(rows, "leads")) == (0, 0, 2, 1)
    again = [rows[0], ",Benjamin,Uhl,BEN@example.com,Uhl AG,,"]
    assert counts(imports(again, "leads")) == (0, 1, 0, 0)
    with database.reading() as session:
        leads = {lead.name: lead for lead in session.scalars(select(Lead))}
    assert leads["Anna Berg"].source is LeadSource.EVENT
    assert (leads["Benjamin Uhl"].company, leads["Benjamin Uhl"].version) == ("Uhl AG", 2)


def test_accounts_by_id_or_name(imports: Imports, database: Database) -> None:
    rows = ["account id,account name,employees,country", "A-1,Berg GmbH,1.200,Deutschland"]
    assert counts(imports(rows, "accounts")) == (1, 0, 0, 0)
    named = ["company name,industry", "BERG GMBH,Tents", "Uhl AG,Cups", "uhl ag,Mugs"]
    assert counts(imports(named, "accounts")) == (1, 2, 0, 0)
    with database.reading() as session:
        industries = session.scalars(select(Account.industry).order_by(Account.industry)).all()
        employees = session.scalar(select(Account.employees).where(Account.external_id == "A-1"))
    assert industries == ["Mugs", "Tents"]
    assert employees == 1200


def test_deals_move_through_the_stages(imports: Imports, database: Database) -> None:
    with database.transaction() as session:
        make_customer(session, external_id="C-1")
        pipeline = PipelineService(session).default_or_first()
        first = pipeline.stages[0].name
    imports(["account id,account name", "A-1,Berg GmbH"], "accounts")
    header = "deal id,deal name,account name,customer id,stage,amount,close date"
    rows = [
        header,
        f'D-1,Tents,Berg GmbH,C-1,{first},"1.000,00 €",2031-01-31',
        "D-2,Cups,,,closed won,50.5,",
        "D-3,Mugs,Nobody,,won,1,",
        "D-4,Mats,,,nowhere,1,",
    ]
    report = imports(rows, "opportunities")
    assert counts(report) == (2, 0, 0, 2)
    assert reasons(report)[0] == "4 account name: no account is called so"
    assert counts(imports(rows, "opportunities")) == (0, 0, 2, 2)
    lost = [header, "D-1,,,,lost,,"]
    assert counts(imports(lost, "opportunities")) == (0, 1, 0, 0)
    with database.reading() as session:
        deal = session.scalars(select(Opportunity).where(Opportunity.external_id == "D-1")).one()
        assert (deal.status, deal.amount_minor) == (OpportunityStatus.LOST, 100_000)
        events = session.scalars(
            select(StageChange.event)
            .where(StageChange.opportunity_id == deal.id)
            .order_by(StageChange.seq)
        ).all()
    assert [str(event) for event in events] == ["created", "lost"]
