"""Who asks too often is told so, and may ask again after a while; others are not held up."""

from shared.visitors.rates import Rates


def test_a_source_may_ask_again_after_a_while() -> None:
    now = [0.0]
    counted = Rates(60, 6.0, lambda: now[0])
    assert all(counted.may_ask("192.0.2.1") for _ in range(60))
    assert not counted.may_ask("192.0.2.1")
    assert counted.may_ask("192.0.2.2")
    now[0] += 1
    assert sum(counted.may_ask("192.0.2.1") for _ in range(20)) == 6
    now[0] += 3600
    assert sum(counted.may_ask("192.0.2.1") for _ in range(100)) == 60, "no more than in a row"


def test_what_is_counted_is_bounded_however_many_ask() -> None:
    counted = Rates(1, 0.0, lambda: 0.0)
    for number in range(20_000):
        assert counted.may_ask(str(number))
    assert len(counted._left) == 5_000
    assert not counted.may_ask("19999")
