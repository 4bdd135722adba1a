"""The gateway's request id in the assistant's log lines."""

import io
import logging
from collections.abc import Iterator

import pytest

from bot.request_ids import RequestIdFilter, bound_request_id


@pytest.fixture
def lines() -> Iterator[io.StringIO]:
    """What the logger "a turn" writes; apart from the root's handlers, which Rasa changes."""
    written = io.StringIO()
    handler = logging.StreamHandler(written)
    handler.addFilter(RequestIdFilter())
    logger = logging.getLogger("a turn")
    logger.setLevel(logging.INFO)
    logger.addHandler(handler)
    yield written
    logger.removeHandler(handler)


def test_lines_of_a_turn_carry_its_id(lines: io.StringIO) -> None:
    logger = logging.getLogger("a turn")
    with bound_request_id({"request_id": "ab12"}):
        logger.info("Turn answered in %.1f ms", 3.25)
    logger.info("Idle")
    assert lines.getvalue() == "Turn answered in 3.2 ms request_id=ab12\nIdle\n"


@pytest.mark.parametrize("given", [None, 7, "", "no id\nforged line", "x" * 99])
def test_what_is_no_id_is_not_logged(given: object, lines: io.StringIO) -> None:
    with bound_request_id({"request_id": given}):
        logging.getLogger("a turn").info("Turn answered")
    assert lines.getvalue() == "Turn answered\n"
