"""Who gets to run a turn."""

from gateway.turns.slots import Slots


def test_a_slot_is_taken_once() -> None:
    slots = Slots(1)
    assert slots.take_at_once()
    assert not slots.take_at_once()
    slots.give_back()
    assert slots.take_at_once()


def test_who_has_just_come_does_not_pass_those_who_wait() -> None:
    slots = Slots(1)
    assert slots.take()
    assert not slots.take()  # somebody waits now
    slots.give_back()
    assert not slots.take_at_once()
    assert slots.take()
    slots.give_back()
    assert slots.take_at_once()
