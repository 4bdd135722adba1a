"""The statements behind the turn queue."""

from datetime import datetime
from functools import cache
from typing import Any
from uuid import UUID

from sqlalchemy import Select, Update, bindparam, exists, select, update
from sqlalchemy.orm import Session, aliased
from sqlalchemy.orm.attributes import set_committed_value

from crm_store.models import Conversation, Message, Turn, TurnStatus
from crm_store.writes import table_of

UNFINISHED = (TurnStatus.PENDING, TurnStatus.RUNNING)


class TurnRepository:
    """Finds turns and moves them from state to state, each move a compare-and-set."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def next_pending(self, now: datetime) -> tuple[Turn, Message, Conversation] | None:
        """The turn that has waited longest and may run, passing over those being looked at.

        A turn may run when it is available and every earlier one of its conversation is finished.
        """
        row = self._session.execute(_next_pending(), {"now": now}).one_or_none()
        return (row[0], row[1], row[2]) if row else None

    def any_pending(self, now: datetime) -> bool:
        """Whether any turn is pending and available."""
        return bool(self._session.scalar(_any_pending(), {"now": now}))

    def hold(self, turn_id: UUID) -> tuple[Turn, Message, Conversation] | None:
        """The turn with its message, and its conversation held until the transaction ends."""
        row = self._session.execute(_held(), {"turn": turn_id}).one_or_none()
        return (row[0], row[1], row[2]) if row else None

    def finish(self, turn: Turn, worker: str, values: dict[str, Any]) -> bool:
        """End the worker's lease on the turn; False when it has none."""
        ended = {"lease_owner": None, "lease_expires_at": None, **values}
        bound = {f"new_{name}": value for name, value in ended.items()}
        found = self._session.connection().execute(
            _finish(frozenset(ended)), {"turn": turn.id, "worker": worker, **bound}
        )
        if found.rowcount == 0:
            return False
        for name, value in ended.items():
            set_committed_value(turn, name, value)
        return True

    def move(self, turn_id: UUID, *where: Any, **values: Any) -> Turn | None:
        """Set columns of the turn if the conditions hold; None when they do not."""
        return self._session.scalar(
            update(Turn)
            .where(Turn.id == turn_id, *where)
            .values(**values)
            .returning(Turn)
            .execution_options(synchronize_session=False, populate_existing=True)
        )

    def put_back(self, *where: Any) -> int:
        """Make running turns pending again; returns how many."""
        rows = self._session.execute(
            update(Turn)
            .where(Turn.status == TurnStatus.RUNNING, *where)
            .values(
                status=TurnStatus.PENDING,
                lease_owner=None,
                lease_expires_at=None,
            )
            .returning(Turn.id)
            .execution_options(synchronize_session=False)
        )
        return len(rows.all())


# Run for every message of every customer, and building them costs more than running them.
@cache
def _next_pending() -> Select[Turn, Message, Conversation]:
    earlier = aliased(Turn)
    return (
        select(Turn, Message, Conversation)
        .join(Message, Message.id == Turn.message_id)
        .join(Conversation, Conversation.id == Turn.conversation_id)
        .where(
            Turn.status == TurnStatus.PENDING,
            Turn.available_at <= bindparam("now"),
            ~exists().where(
                earlier.conversation_id == Turn.conversation_id,
                earlier.seq < Turn.seq,
                earlier.status.in_(UNFINISHED),
            ),
        )
        .order_by(Turn.created_at, Turn.id)
        .limit(1)
        .with_for_update(of=Turn, skip_locked=True, key_share=True)
        .execution_options(populate_existing=True)
    )


@cache
def _any_pending() -> Select[bool]:
    due = exists().where(Turn.status == TurnStatus.PENDING, Turn.available_at <= bindparam("now"))
    return select(due)


@cache
def _held() -> Select[Turn, Message, Conversation]:
    return (
        select(Turn, Message, Conversation)
        .join(Message, Message.id == Turn.message_id)
        .join(Conversation, Conversation.id == Turn.conversation_id)
        .where(Turn.id == bindparam("turn"))
        .with_for_update(of=Conversation, key_share=True)
        .execution_options(populate_existing=True)
    )


@cache
def _finish(names: frozenset[str]) -> Update:
    table = table_of(Turn)
    new = {name: bindparam(f"new_{name}", type_=table.c[name].type) for name in sorted(names)}
    return (
        update(table)
        .where(
            table.c.id == bindparam("turn"),
            table.c.status == TurnStatus.RUNNING,
            table.c.lease_owner == bindparam("worker"),
        )
        .values(new)
    )
