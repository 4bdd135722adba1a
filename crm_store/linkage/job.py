"""The search for duplicates as background work: weekly over everybody, and after an import."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import select

from crm_store.database import Database
from crm_store.jobs import Every, JobContext, JobKind
from crm_store.merging.stragglers import settle_stragglers
from crm_store.models import Customer

LINK = "linkage"
LINK_NEW = "linkage.new"
STRAGGLERS = "merging.stragglers"


def _link_all(context: JobContext) -> dict[str, Any]:
    return _link(context, None)


def _link_new(context: JobContext) -> dict[str, Any]:
    """Payload: ``{"since": key}``: the customers whose keys come after it are the new ones."""
    since = UUID(context.payload["since"])
    return _link(context, _made_after(context.database, since))


def _link(context: JobContext, new: set[UUID] | None) -> dict[str, Any]:
    # Splink and DuckDB take a second to import; the command line lists jobs without them.
    from crm_store.linkage.backends import open_backend
    from crm_store.linkage.run import LinkOptions, link_all, link_new

    def told(_what: str, done: int, total: int | None) -> None:
        context.check()
        context.progress(done, total)

    options = LinkOptions.of(context.settings)
    backend = open_backend(context.settings.link_engine)
    try:
        if new is None:
            report = link_all(context.database, backend, options, progress=told)
        else:
            report = link_new(context.database, backend, options, new, progress=told)
    finally:
        backend.close()
    return report.as_dict()


def _made_after(database: Database, since: UUID) -> set[UUID]:
    with database.reading() as session:
        return set(session.scalars(select(Customer.id).where(Customer.id > since)))


def _settle(context: JobContext) -> dict[str, Any]:
    return {"records": settle_stragglers(context.database)}


LINKAGE_KINDS = [
    JobKind(LINK, _link_all, schedule=Every(timedelta(days=7)), attempts=3),
    JobKind(LINK_NEW, _link_new, attempts=3),
    JobKind(STRAGGLERS, _settle, schedule=Every(timedelta(minutes=10))),
]
