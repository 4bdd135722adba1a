"""The demo shop's sales to clubs and companies: believable, modest in number, always the same."""

import random
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from importlib import resources
from typing import Any, TypeVar
from uuid import UUID

import numpy as np
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from crm_store.asking import AsSystem
from crm_store.leads.service import LeadService
from crm_store.models import Account, Base, Customer, Lead, Opportunity, StageChange, Task
from crm_store.models.versioned import Owned
from crm_store.seeding.numbers import IdMaker
from crm_store.seeding.people import Person, Population
from crm_store.seeding.times import DAY, HOUR, Calendar
from crm_store.seeding.writer import BulkWriter
from foundation.money import format_money

_LEADS, _DEALS, _TASKS = 42, 46, 28
_CONTACTS = 60
_SALES_DAYS = 240
_WIN, _LOSE = 0.36, 0.26
_NOBODYS = 0.35
_VERSIONED = ("version", "created_at", "updated_at")

Record = TypeVar("Record", bound=Owned)
Rows = dict[str, list[tuple[Any, ...]]]
COLUMNS: dict[str, tuple[str, ...]] = {
    "pipelines": ("id", "name", "currency", "is_default", *_VERSIONED),
    "stages": ("id", "pipeline_id", "name", "position", "kind", "probability"),
    "accounts": ("id", "name", "website", "industry", "employees", "country", "notes", *_VERSIONED),
    "account_contacts": ("account_id", "customer_id", "title", "is_main", "created_at"),
    "campaigns": (
        "id", "name", "goal", "channel", "status", "message", "starts_at", "max_touches",
        "within_days", *_VERSIONED,
    ),
    "leads": (
        "id", "name", "email", "phone", "company", "source", "status", "unqualified_reason",
        "score", "score_reasons", "notes", "marketing_consent_at", "campaign_id", *_VERSIONED,
    ),
    "opportunities": (
        "id", "name", "account_id", "customer_id", "pipeline_id", "stage_id", "stage_since",
        "status", "amount_minor", "currency", "expected_close", "next_step", "source", "notes",
        "closed_at", "lost_reason", "lost_note", *_VERSIONED,
    ),
    "stage_changes": (
        "id", "opportunity_id", "seq", "event", "at", "from_stage_id", "to_stage_id",
        "amount_minor", "currency", "note",
    ),
    "tasks": (
        "id", "title", "details", "kind", "status", "priority", "due_at", "remind_at",
        "reminded_at", "closed_at",
        "lead_id", "opportunity_id", *_VERSIONED,
    ),
    "campaign_members": ("id", "campaign_id", "lead_id", "created_at"),
    "campaign_touches": (
        "id", "member_id", "status", "planned_for", "sent_at", "opened_at", "answered_at",
        "created_at",
    ),
    "interactions": ("id", "customer_id", "kind", "at", "summary", "data"),
}  # fmt: skip


@dataclass(slots=True)
class Stand:
    """Where something is made: chance, ids, the time, what is authored, and the rows so far."""

    rng: random.Random
    ids: IdMaker
    now: int
    plan: dict[str, Any]
    rows: Rows = field(default_factory=lambda: {name: [] for name in COLUMNS})

    def add(self, table: str, *values: Any) -> None:
        """Keep a row in the order of its table's columns."""
        self.rows[table].append(values)

    def working_hour(self, day: int) -> int:
        """A time between nine and six on that day or the next working day; never in the future."""
        at = Calendar.working_day(day, 0) * DAY + self.rng.randrange(9 * HOUR, 18 * HOUR)
        return min(at, self.now - self.rng.randrange(60, 6 * HOUR))


def seed_sales(session: Session, ids: IdMaker, calendar: Calendar, seed: int) -> dict[str, int]:
    """Write the sales side of a seeded shop; returns how many rows of each table."""
    plan = tomllib.loads(resources.files(__package__).joinpath("sales.toml").read_text("utf-8"))
    stand = Stand(random.Random(seed), ids, calendar.now, plan)
    customers = [
        (row[0].hex, row[1])
        for row in session.execute(
            select(Customer.id, Customer.name).order_by(Customer.id).limit(_CONTACTS)
        )
    ]
    pipeline_id, stages = _pipeline(stand)
    accounts = _accounts(stand, customers)
    campaigns = _campaigns(stand)
    people = Population().draw(
        np.random.default_rng([seed, 4]), first=900_000, number=_LEADS, today=calendar.today
    )
    leads = [_lead(stand, person, campaigns) for person in people]
    deals = [_Deal(stand, pipeline_id, stages, accounts, number).tell() for number in range(_DEALS)]
    for number in range(_TASKS):
        _task(stand, number, leads, deals)
    writer = BulkWriter(session.connection())
    for table, columns in COLUMNS.items():
        writer.write(table, columns, stand.rows[table])
    scoring = LeadService(session, clock=lambda: datetime.fromtimestamp(calendar.now, UTC))
    scoring.rescore_all(asker=AsSystem("the demo shop"))
    return writer.counts


def share_out(session: Session, sellers: Sequence[UUID]) -> None:
    """Give what the seeded shop sells to its staff; the first gets most, some leads nobody."""
    rng = random.Random(len(sellers))
    weights = [3, *(1 for _ in sellers[1:])]
    leads = (lead for lead in _nobodys(session, Lead) if rng.random() >= _NOBODYS)
    rows = (_nobodys(session, model) for model in (Account, Opportunity, Task))
    for row in (*(row for some in rows for row in some), *leads):
        row.owner_id = row.updated_by_id = rng.choices(sellers, weights)[0]
    session.flush()
    owner = select(Opportunity.owner_id).where(Opportunity.id == StageChange.opportunity_id)
    session.execute(
        update(StageChange)
        .where(StageChange.user_id.is_(None))
        .values(user_id=owner.scalar_subquery())
        .execution_options(synchronize_session=False)
    )


def _nobodys(session: Session, model: type[Record]) -> Sequence[Record]:
    key = Base.metadata.tables[model.__tablename__].c.id  # type: ignore[attr-defined]
    return session.scalars(select(model).where(model.owner_id.is_(None)).order_by(key)).all()


def _pipeline(stand: Stand) -> tuple[str, list[tuple[str, str, str]]]:
    """The pipeline's id, and its stages as id, name, kind."""
    given, pipeline_id = stand.plan["pipeline"], stand.ids.new()
    begun = stand.now - 300 * DAY
    stand.add("pipelines", pipeline_id, given["name"], given["currency"], True, 1, begun, begun)
    stages = []
    for position, (name, kind, probability) in enumerate(given["stages"]):
        stage_id = stand.ids.new()
        stand.add("stages", stage_id, pipeline_id, name, position, kind, probability)
        stages.append((stage_id, name, kind))
    return pipeline_id, stages


def _accounts(stand: Stand, customers: list[tuple[str, str]]) -> list[tuple[str, str | None]]:
    """Account ids, each with the customer who is the main contact there, if there is one."""
    found = []
    free = iter(stand.rng.sample(customers, len(customers)))
    for name, industry, country, employees in stand.plan["companies"]["names"]:
        account_id, at = stand.ids.new(), stand.now - stand.rng.randrange(60, 500) * DAY
        site = "".join(char for char in name.lower() if char.isascii() and char.isalpha())
        stand.add(
            "accounts", account_id, name, f"https://{site}.example", industry, employees, country,
            "", 1, at, at,
        )  # fmt: skip
        main = next(free, (None, ""))[0]
        for customer_id, title in ((main, "Buyer"), (next(free, (None, ""))[0], "Accounting")):
            if customer_id is not None:
                is_main = customer_id == main
                stand.add("account_contacts", account_id, customer_id, title, is_main, at)
        found.append((account_id, main))
    return found


def _campaigns(stand: Stand) -> list[tuple[str, int, str]]:
    """The campaigns as id, start, status."""
    found = []
    for given in stand.plan["campaigns"]:
        campaign_id, at = stand.ids.new(), stand.now - given["days_ago"] * DAY
        stand.add(
            "campaigns", campaign_id, given["name"], given["goal"], given["channel"],
            given["status"], given["message"], at, 2, 7, 1, at, at,
        )  # fmt: skip
        found.append((campaign_id, at, given["status"]))
    return found


def _lead(stand: Stand, person: Person, campaigns: list[tuple[str, int, str]]) -> tuple[str, str]:
    """A lead that is not converted; returns its id and status. Scores come with the rules."""
    rng, plan, lead_id = stand.rng, stand.plan["leads"], stand.ids.new()
    at = stand.working_hour((stand.now // DAY) - int(rng.expovariate(1 / 20)) % 90 - 1)
    status = rng.choices(("new", "working", "qualified", "unqualified"), (9, 6, 4, 2))[0]
    touched = min(at + rng.randrange(4) * DAY, stand.now - HOUR) if status != "new" else at
    source = rng.choice(plan["sources"])
    company = rng.choice((*(one[0] for one in stand.plan["companies"]["names"]), None, None, None))
    campaign_id, started, _ = campaigns[0]
    consent = rng.random() < 0.5
    stand.add(
        "leads", lead_id, person.name, person.email, person.phone, company, source, status,
        rng.choice(plan["unqualified"]) if status == "unqualified" else None, 0, [],
        rng.choice(plan["notes"]), at if consent else None,
        campaign_id if source == "campaign" else None, 1 + (status != "new"), at, touched,
    )  # fmt: skip
    if consent:
        campaign_id, started, _ = campaigns[1]
        _member(stand, campaign_id, lead_id, started)
    return lead_id, status


def _member(stand: Stand, campaign_id: str, lead_id: str, started: int) -> None:
    rng, member_id = stand.rng, stand.ids.new()
    sent = started + rng.randrange(1, 72) * HOUR
    steps = rng.choices((0, 1, 2), (5, 4, 2))[0]
    opened = sent + rng.randrange(1, 40) * HOUR if steps else None
    answered = sent + rng.randrange(41, 90) * HOUR if steps == 2 else None
    status = ("sent", "opened", "answered")[steps]
    stand.add("campaign_members", member_id, campaign_id, lead_id, started)
    stand.add(
        "campaign_touches", stand.ids.new(), member_id, status, started, sent, opened, answered,
        started,
    )  # fmt: skip


class _Deal:
    """One opportunity, told from its first day on."""

    def __init__(
        self,
        stand: Stand,
        pipeline_id: str,
        stages: list[tuple[str, str, str]],
        accounts: list[tuple[str, str | None]],
        number: int,
    ) -> None:
        self.stand, self.pipeline_id, self.stages = stand, pipeline_id, stages
        self.rng = stand.rng
        self.id = stand.ids.new()
        self.account_id, self.customer_id = self.rng.choice(accounts)
        names = stand.plan["deals"]["names"]
        self.name = names[number % len(names)]
        self.amount = round(self.rng.lognormvariate(7.9, 0.8)) * 100
        self.at = stand.working_hour(stand.now // DAY - self.rng.randrange(1, _SALES_DAYS))
        self.began = self.at
        self.seq = 0
        self.stage = 0

    def tell(self) -> tuple[str, str]:
        """Write the opportunity and its history; returns its id and status."""
        self._write("created", None, 0, f"opened in {self.stages[0][1]}, {self._worth()}")
        fate = self.rng.random()
        end = 4 if fate < _WIN else 5 if fate < _WIN + _LOSE else None
        last = self.rng.choices((0, 1, 2, 3), (4, 3, 3, 2))[0] if end != 4 else 3
        reason, note = self.rng.choice(self.stand.plan["deals"]["lost"])
        for stage in range(1, last + 1):
            if not self._wait():
                break
            moved = f"moved to {self.stages[stage][1]} (was in {self.stages[stage - 1][1]})"
            self._write("moved", self.stage, stage, moved)
        done = end is not None and self.stage == last and self._wait()
        if done and end is not None:
            told = "won" if end == 4 else f"lost ({reason.replace('_', ' ')})"
            self._write(self.stages[end][2], self.stage, end, f"{told}, {self._worth()}")
        status = self.stages[self.stage][2]
        is_open, is_lost = status == "open", status == "lost"
        steps = self.stand.plan["deals"]["next_steps"]
        self.stand.add(
            "opportunities", self.id, self.name, self.account_id, self.customer_id,
            self.pipeline_id, self.stages[self.stage][0], self.at, status, self.amount, "EUR",
            self.stand.now // DAY + self.rng.randrange(-10, 75),
            self.rng.choice(steps) if is_open else None,
            self.rng.choice(self.stand.plan["leads"]["sources"]), "",
            None if is_open else self.at, reason if is_lost else None,
            (note or None) if is_lost else None, self.seq, self.began, self.at,
        )  # fmt: skip
        return self.id, status

    def _wait(self) -> bool:
        """Let some days pass; False when that leads beyond the present."""
        later = self.at + int(self.rng.gammavariate(2, 5) * DAY) + HOUR
        if later >= self.stand.now - HOUR:
            return False
        self.at = later
        return True

    def _write(self, event: str, before: int | None, after: int, told: str) -> None:
        self.seq += 1
        self.stage = after
        self.stand.add(
            "stage_changes", self.stand.ids.new(), self.id, self.seq, event, self.at,
            None if before is None else self.stages[before][0], self.stages[after][0],
            self.amount, "EUR", None,
        )  # fmt: skip
        if self.customer_id is not None:
            data = {"event": f"opportunity.{event}", "amount_minor": self.amount}
            self.stand.add(
                "interactions", self.stand.ids.new(), self.customer_id, "sales", self.at,
                f"Opportunity {self.name}: {told}", data,
            )  # fmt: skip

    def _worth(self) -> str:
        return format_money(self.amount, "EUR")


def _task(
    stand: Stand, number: int, leads: list[tuple[str, str]], deals: list[tuple[str, str]]
) -> None:
    """Something to do about an open opportunity or a lead: late, today, soon, or done."""
    rng = stand.rng
    kind, title = rng.choice(stand.plan["tasks"]["titles"])
    open_deals = [deal_id for deal_id, status in deals if status == "open"]
    about_deal = bool(open_deals) and number % 3 != 0
    due = (stand.now // DAY + (number % 9) - 2) * DAY + rng.randrange(9, 17) * HOUR
    is_done = number % 5 == 4
    made = min(due, stand.now) - rng.randrange(1, 6) * DAY
    closed = min(due - HOUR, stand.now - HOUR) if is_done else None
    stand.add(
        "tasks", stand.ids.new(), title, "", kind, "done" if is_done else "open",
        rng.choices(("low", "normal", "high"), (1, 5, 2))[0], due, due - HOUR,
        due - HOUR if due < stand.now else None, closed,
        None if about_deal else rng.choice(leads)[0],
        rng.choice(open_deals) if about_deal else None,
        1 + is_done, made, closed or made,
    )  # fmt: skip
