"""The gateway's request id in the assistant's log lines."""

import logging

import pytest

from bot.request_ids import RequestIdFilter, bound_request_id


def test_lines_of_a_turn_carry_its_id(caplog: pytest.LogCaptureFixture) -> None:
    caplog.handler.addFilter(RequestIdFilter())
    logger = logging.getLogger("a turn")
    with caplog.at_level(logging.INFO):
        with bound_request_id({"request_id": "ab12"}):
            logger.info("Turn answered in %.1f ms", 3.25)
        logger.info("Idle")
    assert caplog.messages == ["Turn answered in 3.2 ms request_id=ab12", "Idle"]


@pytest.mark.parametrize("given", [None, 7, "", "no id\nforged line", "x" * 99])
def test_what_is_no_id_is_not_logged(given: object, caplog: pytest.LogCaptureFixture) -> None:
    caplog.handler.addFilter(RequestIdFilter())
    with caplog.at_level(logging.INFO), bound_request_id({"request_id": given}):
        logging.getLogger("a turn").info("Turn answered")
    assert caplog.messages == ["Turn answered"]
