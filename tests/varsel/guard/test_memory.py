"""What rings, and when: days of looks on a fast clock."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from varsel.guard.judge import Patience
from varsel.guard.memory import after, rung
from varsel.guard.sight import Memory, Message, SeenAlert, SeenHeartbeat, SeenReceipt, Sight

START = datetime(2026, 11, 29, 8, tzinfo=UTC)
BETWEEN = timedelta(seconds=20)
LIMITS = Patience(
    page=timedelta(minutes=3), still=timedelta(minutes=15), mail=timedelta(minutes=30)
)
PROBE, OTHER = "prove1@example.org", "prove2@example.org"
PLACES = ("/", "/sok/", "/bli-medlem/", "/feed.json", "/feed.atom")
ENDS = START + timedelta(days=60)


@dataclass
class Watchman:
    """A guard whose looks a test makes up."""

    memory: Memory = field(default_factory=Memory)
    at: datetime = START
    told: list[Message] = field(default_factory=list)

    def look(self, *alerts: SeenAlert, **seen: object) -> Sequence[Message]:
        """One more look, 20 seconds after the last; what it rings."""
        self.at += BETWEEN
        usual: dict[str, object] = {
            "places": dict.fromkeys(PLACES, ""),
            "heartbeat": alive(self.at - timedelta(seconds=self.at.minute % 6)),
            "certificate_ends": ENDS,
            "mail": {PROBE: frozenset(), OTHER: frozenset()},
            "alerts": alerts,
        }
        sight = Sight(self.at, **(usual | seen))  # type: ignore[arg-type]
        found = after(self.memory, sight, LIMITS, ["mail"])
        self.memory = found.model_copy(update={"unsent": []})
        self.told += found.unsent
        return found.unsent

    def until_it_rings(self, *alerts: SeenAlert, **seen: object) -> timedelta:
        """Look until it rings; how long that took."""
        begun = self.at
        for _ in range(1000):
            if self.look(*alerts, **seen):
                return self.at - begun
        raise AssertionError("it never rang")


def alive(at: datetime) -> SeenHeartbeat:
    return SeenHeartbeat(alive_at=at)


def alert(
    since: datetime, handed_over: int = 0, delivery: str | None = "a.1", **more: object
) -> SeenAlert:
    sums = {"audience": 100, "handed_over": handed_over, "open": 100 - handed_over}
    state = "sending" if handed_over < 100 else "complete"
    told = {"state": state, "about": {"kind": "alert", "revision": 1}} | sums | more
    return SeenAlert(
        article="a",
        path="/nyheter/a/",
        revision=1,
        sha256="0" * 64,
        withdrawn=False,
        mode="actual",
        owed_since=since,
        delivery=delivery,
        receipt=SeenReceipt.model_validate(told),
    )


def got(*deliveries: str) -> Mapping[str, frozenset[str]]:
    return {PROBE: frozenset(deliveries), OTHER: frozenset(deliveries)}


def test_a_healthy_day_with_an_alert_rings_not_once() -> None:
    guard = Watchman()
    published = START + timedelta(hours=4)
    while guard.at < START + timedelta(days=1):
        age = guard.at - published
        blip = guard.at.minute % 7 == 0  # each time for less than its limit
        seen: dict[str, object] = {"api": "svarer 503" if blip else ""}
        seen["places"] = dict.fromkeys(PLACES, "ingen forbindelse" if blip else "")
        if blip:
            seen["heartbeat"] = SeenHeartbeat(wrong="svarer 503")
        if age < timedelta(0):
            guard.look(**seen)
            continue
        mailed = age > timedelta(minutes=5)
        begun = age > timedelta(minutes=1)
        one = alert(
            published,
            handed_over=min(int(age.total_seconds() / 20), 100) if begun else 0,
            delivery="a.1" if begun else None,
            **({} if begun else {"state": "waiting_for_page"}),
        )
        guard.look(one, **seen, mail=got("a.1") if mailed else got())
    assert guard.told == []
    assert rung(guard.memory) == []


FAULTS: list[tuple[str, dict[str, object], timedelta]] = [
    ("a page", {"places": {"/": "svarer 502"}}, LIMITS.page),
    ("the search", {"places": {"/sok/": "ingen forbindelse"}}, LIMITS.page),
    ("a feed", {"places": {"/feed.atom": "er ingen Atom-strøm"}}, LIMITS.page),
    ("the heartbeat", {"heartbeat": SeenHeartbeat(wrong="svarer 404")}, LIMITS.page),
    ("receipts", {"api": "svarer 503"}, LIMITS.page),
    ("the mailbox", {"mailbox": "svarer ikke", "mail": None}, LIMITS.page),
    ("the certificate", {"certificate_ends": START + timedelta(days=13)}, timedelta(0)),
]


@pytest.mark.parametrize(
    ("seen", "limit"), [fault[1:] for fault in FAULTS], ids=[f[0] for f in FAULTS]
)
def test_each_fault_rings_once_within_a_minute_of_its_limit_and_then_that_it_is_well(
    seen: dict[str, object], limit: timedelta
) -> None:
    guard = Watchman()
    guard.look()
    assert limit <= guard.until_it_rings(**seen) <= limit + timedelta(seconds=60)
    for _ in range(500):
        assert not guard.look(**seen), "it rings once"
    assert len(rung(guard.memory)) == 1
    well = guard.until_it_rings()
    assert well <= timedelta(minutes=2)
    assert [message.is_fault for message in guard.told] == [True, False]
    assert guard.told[0].lines == guard.told[1].lines
    assert guard.memory.troubles == {}


def test_a_heartbeat_that_stands_still_rings_within_a_minute_of_its_limit() -> None:
    """By the time that it says, whenever that was first seen."""
    guard = Watchman()
    last = guard.at
    guard.until_it_rings(heartbeat=alive(last))
    assert LIMITS.page <= guard.at - last <= LIMITS.page + timedelta(seconds=60)
    guard = Watchman()
    assert guard.look(heartbeat=alive(guard.at - LIMITS.page)), "it was late before it was seen"


def test_clocks_that_are_a_little_apart_ring_nobody_and_those_that_are_far_apart_do() -> None:
    for apart, rings in ((timedelta(seconds=150), False), (timedelta(minutes=4), True)):
        for way in (apart, -apart):
            guard = Watchman()
            for _ in range(100):
                guard.look(heartbeat=alive(guard.at + way))
            assert [message.is_fault for message in guard.told] == [True] * rings


def test_an_alert_whose_probe_has_no_mail_rings_by_the_time_since_it_was_published() -> None:
    guard = Watchman()
    published = guard.at
    one = alert(published, handed_over=100)
    guard.until_it_rings(one, mail={PROBE: frozenset({"a.1"}), OTHER: frozenset()})
    assert LIMITS.mail <= guard.at - published <= LIMITS.mail + timedelta(seconds=60)
    [line] = guard.told[0].lines
    assert OTHER in line
    assert PROBE not in line
    guard.until_it_rings(one, mail=got("a.1"))
    assert not guard.told[-1].is_fault
    # A guard that was away meanwhile rings at its first look.
    assert Watchman(at=guard.at).look(one)


def test_mail_that_is_owed_is_missed_also_while_the_api_says_nothing() -> None:
    guard = Watchman()
    guard.look(alert(guard.at, delivery=None, state="waiting_for_page"))
    for _ in range(100):
        guard.look(api="svarer 503")
    assert any("ikke fått e-posten" in line for line in rung(guard.memory))


def test_a_correction_is_awaited_anew_and_the_mail_of_the_alert_is_not_enough() -> None:
    guard = Watchman()
    guard.look(alert(guard.at, handed_over=100), mail=got("a.1"))
    corrected = alert(guard.at, handed_over=100, delivery="a.2")
    guard.until_it_rings(corrected, mail=got("a.1"))
    assert "ikke fått e-posten" in guard.told[0].lines[0]
    assert not Watchman().look(corrected, mail=got("a.1", "a.2"))


def test_a_receipt_that_stands_still_rings_and_one_that_moves_does_not() -> None:
    guard = Watchman()
    for n in range(99):
        guard.look(alert(guard.at, handed_over=n), mail=got("a.1"))
    assert guard.told == []
    still = alert(guard.at, handed_over=50)
    took = guard.until_it_rings(still, mail=got("a.1"))
    assert LIMITS.still <= took <= LIMITS.still + timedelta(seconds=60)
    assert "står stille med 50 igjen" in guard.told[0].lines[0]


def test_what_a_person_decided_and_what_mail_hosts_put_off_does_not_ring() -> None:
    guard = Watchman()
    since = guard.at
    later = since + timedelta(days=2)
    for one in (
        alert(since, handed_over=50, state="paused", cause="operator"),
        alert(since, handed_over=50, state="complete", cause="cancelled"),
        alert(since, handed_over=50, put_off_until=later),
    ):
        mail = got("a.1") if not one.receipt.cause else got()
        for _ in range(300):
            guard.look(one, mail=mail)
    assert guard.told == []


def test_a_page_that_never_comes_and_an_event_that_is_given_up_ring() -> None:
    guard = Watchman()
    waiting = alert(guard.at, delivery=None, state="waiting_for_page")
    assert guard.until_it_rings(waiting) <= LIMITS.page + timedelta(seconds=60)
    guard = Watchman()
    assert guard.look(alert(guard.at, state="stuck")), "a person must look: at once"


def test_what_comes_and_goes_rings_once_and_is_not_well_before_it_stays_so() -> None:
    guard = Watchman()
    away = {"places": {"/": "svarer 502"}}
    for n in range(200):
        guard.look(**(away if n % 2 else {}))
    assert [message.is_fault for message in guard.told] == [True]


SEEN = st.sampled_from([fault[1] for fault in FAULTS] + [{}])


@given(st.lists(st.tuples(SEEN, st.integers(1, 12)), max_size=12))
def test_whatever_is_seen_each_ring_is_followed_by_a_well_before_the_next(
    spells: list[tuple[dict[str, object], int]],
) -> None:
    guard = Watchman()
    ringing: set[str] = set()
    for seen, looks in spells:
        for _ in range(looks):
            for message in guard.look(**seen):
                for line in message.lines:
                    assert (line in ringing) is not message.is_fault, line
                    ringing ^= {line}
            assert ringing == set(rung(guard.memory))
            # Nothing rings whose limit has not passed.
            for one in guard.memory.troubles.values():
                assert one.rung is (one.last_seen - one.since >= _limit(one.words)) or one.rung


def _limit(words: str) -> timedelta:
    return timedelta(0) if "sertifikat" in words else LIMITS.page


def test_a_guard_that_starts_anew_rings_nobody_again() -> None:
    guard = Watchman()
    guard.until_it_rings(places={"/": "svarer 502"})
    again = Watchman(Memory.model_validate_json(guard.memory.model_dump_json()), guard.at)
    for _ in range(50):
        assert not again.look(places={"/": "svarer 502"})
