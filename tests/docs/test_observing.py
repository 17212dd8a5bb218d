"""docs/observing.md lists every line that the code can write to its log."""

import re

from tests.docs.observing import events
from tests.log_calls import LogCall, log_calls

CALLS = list(log_calls())


def test_every_event_of_the_log_is_in_the_catalogue_with_its_fields() -> None:
    coded: dict[str, list[LogCall]] = {}
    for call in CALLS:
        assert call.events, f"{call.place}: the event's name is not to be seen there"
        for event in call.events:
            assert re.fullmatch(r"[a-z]+(_[a-z]+)*", event), call.place
            coded.setdefault(event, []).append(call)
    documented = events()
    assert documented.keys() - coded.keys() == {"library_log"}  # written by shared/log.py itself
    assert coded.keys() <= documented.keys()
    for event, calls in coded.items():
        for call in calls:
            assert (call.level, call.fields) == (
                *documented[event].kind,
                documented[event].names,
            ), call.place


def test_the_code_is_read_and_found_to_log() -> None:
    assert {call.place.split("/")[0] for call in CALLS} == {"shared", "services", "varsel"}
    assert not any("**" in call.fields for call in CALLS)
