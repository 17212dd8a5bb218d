"""A delivery that is held for its page says why, in few words."""

from typing import get_args

import pytest

from services.notify.deliveries.live_page import NOBODY_THERE, UNSEEN, WRONG, PageFailure
from tests.varsel.watch.looks import NOW, delivery, well
from varsel.watch.problems import problems
from varsel.watch.text import reason

FAILURES = [f"{UNSEEN if one in NOBODY_THERE else WRONG} {one}" for one in get_args(PageFailure)]
CAUSES = [*FAILURES, *(f"{WRONG} {why}" for why in ("404", "503", "other_page", "other_revision"))]


@pytest.mark.parametrize("cause", CAUSES)
def test_each_reason_has_words_of_its_own_and_room_in_two_lines(cause: str) -> None:
    [(word, text)] = problems(well(NOW, delivery(state="paused", cause=cause)))
    assert word == cause.partition(" ")[0]
    assert reason(cause) in text
    assert "_" not in reason(cause)
    assert len({reason(one) for one in CAUSES}) == len(CAUSES)
    assert len(text) <= 150
