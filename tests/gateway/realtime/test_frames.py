"""Frames between gateway processes."""

from uuid import uuid4

from gateway.realtime.frames import SESSION_ENDED, Frame, sessions_in


def test_ended_sessions_are_known_in_every_process() -> None:
    frame = Frame(SESSION_ENDED, uuid4(), {"sessions": ["a", "b"]})
    assert sessions_in(frame) == {"a", "b"}
    assert sessions_in(Frame.from_wire(frame.to_wire())) == {"a", "b"}
