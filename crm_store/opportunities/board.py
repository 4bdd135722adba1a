"""A pipeline at one glance: what is in each stage, what it sums up to, and the first cards."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy.orm import Session

from crm_store.asking import Asker
from crm_store.lists import ListQuery
from crm_store.models import OpportunityStatus, Pipeline, Stage
from crm_store.opportunities.repository import (
    OpportunityFilter,
    OpportunityRepository,
    OpportunityRow,
    StageSum,
)
from crm_store.permissions import Permission, require
from crm_store.pipelines.service import PipelineService
from foundation.clock import utc_now

CLOSED_DAYS = 30
"""How long what is won or lost stays on the board."""


@dataclass(frozen=True, slots=True)
class Column:
    """A stage with its opportunities: the first of them, and sums over all of them.

    Amounts are in the pipeline's currency; ``in_other_currencies`` counts what they leave out.
    """

    stage: Stage
    count: int
    amount_minor: int
    weighted_minor: int
    in_other_currencies: int
    rows: Sequence[OpportunityRow]
    next_cursor: str | None


@dataclass(frozen=True, slots=True)
class Board:
    """A pipeline's columns in the order of its stages."""

    pipeline: Pipeline
    columns: list[Column]


class BoardService:
    """Reads boards. Raises NotAllowed without the permission."""

    def __init__(self, session: Session, *, clock: Callable[[], datetime] = utc_now) -> None:
        self._clock = clock
        self._opportunities = OpportunityRepository(session)
        self._pipelines = PipelineService(session)

    def read(
        self,
        pipeline_id: UUID,
        *,
        asker: Asker,
        wanted: OpportunityFilter = OpportunityFilter(),  # noqa: B008  # frozen
        limit: int = 50,
    ) -> Board:
        """The board; what is open goes by its expected close, what is closed the latest first.

        Args:
            pipeline_id: which pipeline.
            asker: whoever looks.
            wanted: narrows all columns alike.
            limit: cards in each column.

        Raises:
            PipelineNotFound: absent.
        """
        require(asker, Permission.SALES_READ)
        pipeline = self._pipelines.get(pipeline_id, asker=asker)
        closed = self._clock() - timedelta(days=CLOSED_DAYS)
        columns = []
        for stage in pipeline.stages:
            is_open = stage.kind is OpportunityStatus.OPEN
            inside = replace(
                wanted, stage_id=stage.id, closed_since=None if is_open else closed, status=()
            )
            page = self._opportunities.page(
                inside, ListQuery("expected_close" if is_open else "-closed_at", None, limit)
            )
            sums = self._opportunities.sums(inside)
            columns.append(_column(stage, pipeline.currency, sums, page.items, page.next_cursor))
        return Board(pipeline, columns)


def _column(
    stage: Stage,
    currency: str,
    sums: Sequence[StageSum],
    rows: Sequence[OpportunityRow],
    next_cursor: str | None,
) -> Column:
    own = next((one for one in sums if one.currency == currency), None)
    return Column(
        stage=stage,
        count=sum(one.count for one in sums),
        amount_minor=own.amount_minor if own else 0,
        weighted_minor=own.weighted_minor if own else 0,
        in_other_currencies=sum(one.count for one in sums if one is not own),
        rows=rows,
        next_cursor=next_cursor,
    )
