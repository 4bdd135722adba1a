"""Writing and reading the timeline."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from crm_store.models import Interaction, InteractionKind
from crm_store.pages import MAX_LIMIT, Page, encode_cursor, fetch_page
from crm_store.search.matching import holds
from crm_store.search.query import parse
from crm_store.texts import shorten, storable, storable_json
from crm_store.writes import insert_missing
from foundation.clock import utc_now
from foundation.ids import new_id

_SUMMARY_CHARS = 500
_MOST_READ = 5_000


@dataclass(frozen=True, slots=True)
class TimelineFilter:
    """What of a timeline is wanted.

    Attributes:
        kinds: of these kinds; of all when empty.
        since: not before.
        until: before.
        text: every word of it has to be in the summary; the last may go on.
    """

    kinds: tuple[InteractionKind, ...] = ()
    since: datetime | None = None
    until: datetime | None = None
    text: str | None = None


EVERYTHING = TimelineFilter()


class InteractionService:
    """Records what happened; recording the same ``source_key`` again changes nothing."""

    def __init__(self, session: Session, *, make_id: Callable[[], UUID] = new_id) -> None:
        self._session = session
        self._make_id = make_id

    def record(
        self,
        *,
        customer_id: UUID,
        kind: InteractionKind,
        summary: str,
        data: dict[str, Any] | None = None,
        at: datetime | None = None,
        conversation_id: UUID | None = None,
        order_id: UUID | None = None,
        source_key: str | None = None,
    ) -> None:
        """Put one entry on the customer's timeline.

        Args:
            customer_id: whose timeline.
            kind: what sort of contact it was.
            summary: one line for people; cut at 500 characters.
            data: JSON facts behind the summary.
            at: when it happened; now by default.
            conversation_id: the chat it belongs to.
            order_id: the order it is about.
            source_key: names the thing recorded, so that recording it twice writes it once.
        """
        row = {
            "id": self._make_id(),
            "customer_id": customer_id,
            "kind": kind,
            "at": at or utc_now(),
            "summary": shorten(storable(summary), _SUMMARY_CHARS),
            "data": storable_json(data),
            "conversation_id": conversation_id,
            "order_id": order_id,
            "source_key": source_key,
        }
        insert_missing(self._session, Interaction, [row], on="source_key")

    def timeline(
        self,
        customer_id: UUID,
        *,
        filter: TimelineFilter = EVERYTHING,
        cursor: str | None = None,
        limit: int = 50,
    ) -> Page[Interaction]:
        """A customer's entries, the newest first. The caller has checked who is asking.

        Texts are compared here rather than in SQL, which cannot read what is encrypted; one page
        looks at no more than the next five thousand entries for one that fits, and its cursor goes
        on from there.
        """
        statement = select(Interaction).where(Interaction.customer_id == customer_id)
        if filter.kinds:
            statement = statement.where(Interaction.kind.in_(filter.kinds))
        if filter.since is not None:
            statement = statement.where(Interaction.at >= filter.since)
        if filter.until is not None:
            statement = statement.where(Interaction.at < filter.until)
        wanted = parse(storable(filter.text or ""))
        if not wanted:
            return self._page(statement, cursor, limit)
        limit = max(1, min(limit, MAX_LIMIT))
        found: list[Interaction] = []
        for _ in range(_MOST_READ // MAX_LIMIT):
            page = self._page(statement, cursor, MAX_LIMIT)
            for entry in page.items:
                if not holds(f"{entry.kind} {entry.summary}", wanted):
                    continue
                found.append(entry)
                if len(found) == limit:
                    last = entry is page.items[-1] and page.next_cursor is None
                    return Page(found, None if last else encode_cursor(entry.at, entry.id))
            cursor = page.next_cursor
            if cursor is None:
                break
        return Page(found, cursor)

    def _page(
        self, statement: Select[Interaction], cursor: str | None, limit: int
    ) -> Page[Interaction]:
        return fetch_page(
            self._session,
            statement,
            keys=[(Interaction.at, datetime), (Interaction.id, UUID)],
            cursor=cursor,
            limit=limit,
            descending=True,
        )
