"""What mail that came back tells of us is shown for a week."""

from tests.varsel.watch.looks import NOW, well
from varsel.watch.bounces import SHOWN_SECONDS
from varsel.watch.problems import problems


def test_it_is_shown_for_a_week_after_it_came_last() -> None:
    for what in ("about_us 5.1.8", "about_us", "surge", "complaint"):
        assert problems(well(bounces={what: (1, NOW - SHOWN_SECONDS + 1)}))
        assert not problems(well(bounces={what: (1, NOW - SHOWN_SECONDS - 1)}))


def test_every_code_is_named_in_one_line() -> None:
    told = {"about_us 5.7.1": (3, NOW), "about_us 5.1.8": (1, NOW), "about_us": (2, NOW)}
    [(word, text)] = problems(well(bounces=told))
    assert word == "bounces_about_us"
    assert "uten kode (en melding fra en leverandør, 2 i alt), 5.1.8 (vår avsenderadresse" in text
