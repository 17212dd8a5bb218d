"""The window: as many mails as may be sent and not yet be written down (promise G7)."""

import pytest

from services.notify.relay.window import WINDOW, Window


def test_g7_what_leaves_makes_room_for_just_as_many() -> None:
    window, told = Window(), list[int]()
    window.on_room(told.append)
    for _ in range(WINDOW):
        window.enter()
    assert not window.has_room
    with pytest.raises(RuntimeError):
        window.enter()
    window.leave(2)
    assert told == [2]
    window.enter()
    window.enter()
    assert not window.has_room
