"""One search for duplicates: read, learn, score, queue, and merge what is certain if wanted."""

from collections.abc import Callable, Collection, Iterator
from dataclasses import asdict, dataclass, field
from typing import Any
from uuid import UUID

from sqlalchemy import select

from crm_store.asking import AsSystem
from crm_store.audit import record
from crm_store.database import Database
from crm_store.linkage.engine import Backend, ScoredPair, Scorer
from crm_store.linkage.extract import count_customers, read_records
from crm_store.linkage.filing import Filed, file_pairs, is_certain, withdraw_unseen
from crm_store.linkage.merging import merge_certain
from crm_store.linkage.records import LinkRecord
from crm_store.models import ModelRun
from foundation.clock import utc_now
from foundation.settings import Settings

KIND = "linkage"
_AS_LINKAGE = AsSystem("search for duplicates")
_PAIRS_AT_ONCE = 200

Progress = Callable[[str, int, int | None], None]


@dataclass(frozen=True, slots=True)
class LinkOptions:
    """How a search decides.

    Attributes:
        certain: probability from which hard evidence makes a pair certain.
        doubtful: probability from which a person is asked.
        merge_certain: merge certain pairs at once; else they wait in the queue like the others.
        dry_run: write nothing.
    """

    certain: float = 0.999
    doubtful: float = 0.9
    merge_certain: bool = False
    dry_run: bool = False

    @classmethod
    def of(cls, settings: Settings) -> "LinkOptions":
        """As the operator set it."""
        return cls(
            certain=settings.link_certain,
            doubtful=settings.link_doubtful,
            merge_certain=settings.link_merge_certain,
        )


@dataclass(slots=True)
class LinkReport:
    """What a search found and did; counts only."""

    engine: str
    customers: int = 0
    searched: int = 0
    """Customers whose pairs were wanted: all of them, or the new ones."""
    learned_from: list[str] = field(default_factory=list)
    """Blocks the model was learned from; none: the one of an earlier run, or the written one."""
    certain: int = 0
    doubtful: int = 0
    new: int = 0
    seen: int = 0
    decided: int = 0
    withdrawn: int = 0
    merged: int = 0
    dry_run: bool = False
    seconds: float = 0.0

    def as_dict(self) -> dict[str, Any]:
        """For JSON."""
        return asdict(self)


def link_all(
    database: Database,
    backend: Backend,
    options: LinkOptions,
    *,
    progress: Progress | None = None,
) -> LinkReport:
    """Compare every customer with every other that shares a block with them."""
    return _Search(database, backend, options, None, progress).run()


def link_new(
    database: Database,
    backend: Backend,
    options: LinkOptions,
    new: Collection[UUID],
    *,
    progress: Progress | None = None,
) -> LinkReport:
    """Compare these customers with everybody: for what an import brought.

    Everybody is read, as one cannot search in what is encrypted; compared are only pairs that have
    one of these. The model of the last search of everything is used where there is one.
    """
    return _Search(database, backend, options, set(new), progress).run()


class _Search:
    def __init__(
        self,
        database: Database,
        backend: Backend,
        options: LinkOptions,
        new: set[UUID] | None,
        progress: Progress | None,
    ) -> None:
        self._database = database
        self._backend = backend
        self._options = options
        self._new = new
        self._progress = progress or (lambda _what, _done, _total: None)
        self._report = LinkReport(engine=backend.name, dry_run=options.dry_run)
        self._started = utc_now()

    def run(self) -> LinkReport:
        report = self._report
        report.customers = self._backend.load(self._records())
        if report.customers > 1 and report.searched:
            scorer = self._scorer()
            self._file(scorer)
            self._finish(scorer)
        report.seconds = round((utc_now() - self._started).total_seconds(), 1)
        return report

    def _records(self) -> Iterator[list[LinkRecord]]:
        total = count_customers(self._database)
        done = 0
        for batch in read_records(self._database, new=self._new):
            done += len(batch)
            self._report.searched += sum(one.is_new for one in batch)
            self._progress("reading customers", done, total)
            yield batch

    def _scorer(self) -> Scorer:
        model = self._last_model() if self._new is not None else None
        scorer = Scorer(self._backend, self._report.customers, model)
        if model is None:
            self._progress("learning how records of one person differ", 0, None)
            self._report.learned_from = scorer.train()
        return scorer

    def _last_model(self) -> dict[str, Any] | None:
        with self._database.reading() as session:
            params = session.scalar(
                select(ModelRun.params)
                .where(ModelRun.kind == KIND, ModelRun.engine == self._backend.name)
                .order_by(ModelRun.id.desc())
                .limit(1)
            )
        return params["model"] if params else None

    def _file(self, scorer: Scorer) -> None:
        self._progress("comparing", 0, None)
        batch: list[ScoredPair] = []
        pairs = scorer.pairs(threshold=self._options.doubtful)
        for found, pair in enumerate(pairs, start=1):
            if is_certain(pair, self._options.certain):
                self._report.certain += 1
            else:
                self._report.doubtful += 1
            batch.append(pair)
            if len(batch) == _PAIRS_AT_ONCE:
                self._write(batch)
                batch = []
                self._progress("comparing", found, None)
        self._write(batch)

    def _write(self, batch: list[ScoredPair]) -> None:
        if self._options.dry_run or not batch:
            return
        counts = Filed()
        with self._database.transaction() as session:
            file_pairs(session, batch, certain=self._options.certain, counts=counts)
        self._report.new += counts.new
        self._report.seen += counts.seen
        self._report.decided += counts.decided

    def _finish(self, scorer: Scorer) -> None:
        report = self._report
        if self._options.dry_run:
            return
        if self._new is None:
            with self._database.transaction() as session:
                report.withdrawn = withdraw_unseen(session, since=self._started)
        if self._options.merge_certain:
            report.merged = merge_certain(self._database, progress=self._progress)
        facts = {
            name: value
            for name, value in report.as_dict().items()
            if isinstance(value, int) and not isinstance(value, bool)
        }
        with self._database.transaction() as session:
            if self._new is None:
                session.add(
                    ModelRun(
                        kind=KIND,
                        engine=self._backend.name,
                        params={"model": scorer.model()},
                        metrics=facts,
                        started_at=self._started,
                        finished_at=utc_now(),
                    )
                )
            record(session, _AS_LINKAGE, "customers.linked", facts=facts)
