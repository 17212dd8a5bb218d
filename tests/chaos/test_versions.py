"""The audit of mails can fail: each thing that breaks a promise is found."""

from dataclasses import replace

import pytest

from tests.chaos.sink import Form, Life, SunkMail, taken
from tests.chaos.versions import MOST_TWICE, Mark, Story, Version, judge

MEMBERS = [f"medlem{n}@example.org" for n in range(200)]
FIRST, SECOND, THIRD = "a1b2c3d4.1", "a1b2c3d4.3", "a1b2c3d4.7"
W, DEAD, NEXT = Life("notify-1", 1), Life("notify-2", 1), Life("notify-2", 2)
REACHED, REST = MEMBERS[:100], MEMBERS[100:]


def mail(to: str, delivery: str, form: Form = "alert", *after: str, by: Life = W) -> SunkMail:
    """A mail as it should be: it follows those of the deliveries `after`."""
    version = {FIRST: 1, SECOND: 2, THIRD: 3}[delivery] - (form == "withdrawal")
    ids = frozenset(f"<{other}.{to}>" for other in after)
    return SunkMail(7, to, f"<{delivery}.{to}>", by, version, form, ids)


def placed(mails: list[SunkMail]) -> list[tuple[int, SunkMail]]:
    return list(enumerate(mails))


OLD = [mail(to, FIRST) for to in REACHED]
ONCE = [mail(to, FIRST) for to in MEMBERS]
ALERT = Story(frozenset(MEMBERS), [Version("alert", FIRST)], frozenset({DEAD}))
CORRECTED = [
    *OLD,
    *(mail(to, SECOND, "correction", FIRST) for to in REACHED),
    *(mail(to, SECOND) for to in REST),
]
WITHDRAWN = [*OLD, *(mail(to, SECOND, "withdrawal", FIRST) for to in REACHED)]
MARK = Mark(len(OLD), frozenset({W, DEAD}))
CORRECTION = Story(
    frozenset(MEMBERS), [Version("alert", FIRST), Version("correction", SECOND, MARK)]
)
WITHDRAWAL = Story(
    frozenset(MEMBERS), [Version("alert", FIRST), Version("withdrawal", SECOND, MARK)]
)


def test_g7_each_member_once_is_fine_and_some_twice_after_a_kill() -> None:
    assert judge(placed(ONCE), ALERT).wrong == []
    some = [mail(to, FIRST, by=DEAD) for to in MEMBERS[:MOST_TWICE]]
    found = judge(placed([*some, *ONCE]), ALERT)
    assert (found.wrong, found.lost, found.most_twice) == ([], 0, MOST_TWICE)


@pytest.mark.parametrize(
    ("mails", "words"),
    [
        (ONCE[1:], "1 members without mail"),
        ([*ONCE, mail("fremmed@example.org", FIRST)], "1 recipients who are no members"),
        ([*ONCE, ONCE[0]], "1 mails twice though notify-1#1 was not killed"),
        ([mail(to, FIRST, by=DEAD) for to in MEMBERS[: MOST_TWICE + 1]] + ONCE, "65 mails twice"),
        ([replace(ONCE[0], message_id=f"<{FIRST}.x>", sender=DEAD), *ONCE], "different Message-ID"),
        ([*ONCE[1:], replace(ONCE[0], message_id=ONCE[1].message_id)], "of several members"),
    ],
)
def test_g7_what_must_not_be_is_found(mails: list[SunkMail], words: str) -> None:
    [wrong] = judge(placed(mails), ALERT).wrong
    assert words in wrong


@pytest.mark.parametrize(("story", "mails"), [(CORRECTION, CORRECTED), (WITHDRAWAL, WITHDRAWN)])
def test_everybody_reached_is_told_and_the_others_get_the_newest_or_nothing(
    story: Story, mails: list[SunkMail]
) -> None:
    found = judge(placed(mails), story)
    assert (found.wrong, found.lost, found.most_late, found.most_twice) == ([], 0, 0, 0)


def test_a_correction_of_a_correction_then_withdrawn() -> None:
    story = replace(CORRECTION, versions=[*CORRECTION.versions, Version("withdrawal", THIRD)])
    mails = [
        *CORRECTED[:150],
        *(mail(to, THIRD, "withdrawal", FIRST, SECOND) for to in REACHED),
    ]
    assert judge(placed(mails), story).wrong == []
    assert judge(placed(CORRECTED), story).lost == len(MEMBERS)
    short = [*mails[:-1], mail(REACHED[-1], THIRD, "withdrawal", SECOND)]
    assert judge(placed(short), story).wrong == ["1 mails outside their thread"]


def test_a_mail_that_was_on_its_way_may_come_after_the_one_that_corrects_it() -> None:
    mails = [*OLD[1:], *CORRECTED[len(OLD) :], OLD[0]]
    mark = replace(MARK, mails=len(OLD) - 1)
    story = replace(
        CORRECTION, versions=[CORRECTION.versions[0], Version("correction", SECOND, mark)]
    )
    found = judge(placed(mails), story)
    assert (found.wrong, found.overtaken, found.most_late) == ([], 1, 1)


def test_a_correction_may_be_overtaken_by_the_next_one_in_the_same_thread() -> None:
    versions = [
        Version("alert", FIRST),
        Version("correction", SECOND),
        Version("correction", THIRD),
    ]
    thirds = [mail(to, THIRD, "correction", FIRST, SECOND) for to in MEMBERS]
    late = CORRECTED[len(OLD)]
    mails = [*(m for m in CORRECTED if m != late), *thirds, late]
    found = judge(placed(mails), replace(CORRECTION, versions=versions))
    assert (found.wrong, found.overtaken) == ([], 1)


def test_whose_mail_may_have_been_taken_is_told_of_the_withdrawal_too() -> None:
    more = [*WITHDRAWN, mail(REST[0], SECOND, "withdrawal", FIRST)]
    assert judge(placed(more), WITHDRAWAL).wrong == [
        "1 mails withdrawal to members who had got nothing"
    ]
    story = replace(WITHDRAWAL, in_doubt={FIRST: frozenset(REST[:1])})
    assert judge(placed(more), story).wrong == []


def test_mails_again_after_a_kill_count_for_each_delivery() -> None:
    again = [*(mail(to, FIRST, by=DEAD) for to in REACHED[:MOST_TWICE]), *CORRECTED]
    mark = replace(MARK, mails=len(again))
    story = replace(
        CORRECTION,
        killed=frozenset({DEAD}),
        versions=[CORRECTION.versions[0], Version("correction", SECOND, mark)],
    )
    found = judge(placed(again), story)
    assert (found.wrong, found.most_twice) == ([], MOST_TWICE)


END = CORRECTED[-1]
FOLLOWING = CORRECTED[len(OLD)]


@pytest.mark.parametrize(
    ("mails", "words"),
    [
        (CORRECTED[:-1], "1 members without mail"),
        ([m for m in CORRECTED if m != FOLLOWING], "1 members with an old version only"),
        ([*CORRECTED, mail("fremmed@example.org", SECOND)], "1 recipients who are no members"),
        ([*CORRECTED, replace(END, round=7, version=9)], "1 mails of no version"),
        ([FOLLOWING, *(m for m in CORRECTED if m != FOLLOWING)], "a new version before there"),
        ([replace(FOLLOWING, form="alert", references=frozenset()) if m == FOLLOWING else m
          for m in CORRECTED], "1 mails that do not say what changed"),
        ([*CORRECTED[:-1], replace(END, form="correction")], "to members who had got nothing"),
        ([*CORRECTED[:-1], replace(END, message_id="<b9b9b9b9.1.x>")], "of another delivery"),
        ([*CORRECTED[:-1], replace(END, message_id=CORRECTED[-2].message_id)], "of several"),
        ([*CORRECTED, replace(END, message_id=f"<{SECOND}.other>")], "different Message-IDs"),
        ([*CORRECTED, END], "1 mails twice though notify-1#1 was not killed"),
        ([replace(FOLLOWING, references=frozenset()) if m == FOLLOWING else m
          for m in CORRECTED], "1 mails outside their thread"),
        ([replace(m, references=m.references | {OLD[5].message_id}) if m == FOLLOWING else m
          for m in CORRECTED], "1 mails in another member's thread"),
    ],
)  # fmt: skip
def test_g9_what_must_not_be_in_a_correction_is_found(mails: list[SunkMail], words: str) -> None:
    assert any(words in wrong for wrong in judge(placed(mails), CORRECTION).wrong)


@pytest.mark.parametrize(
    ("mails", "words"),
    [
        (WITHDRAWN[:-1], "1 members with an old version only"),
        ([*WITHDRAWN, mail(REST[0], SECOND, "withdrawal")], "to members who had got nothing"),
        ([*WITHDRAWN, replace(mail(REST[0], SECOND), version=1)], "do not say what changed"),
        ([*WITHDRAWN[:-1], replace(WITHDRAWN[-1], form="correction")], "mails correction of"),
    ],
)
def test_g9_what_must_not_be_in_a_withdrawal_is_found(mails: list[SunkMail], words: str) -> None:
    assert any(words in wrong for wrong in judge(placed(mails), WITHDRAWAL).wrong)


def test_g9_more_of_the_old_version_than_can_be_on_their_way_is_found() -> None:
    early = replace(MARK, mails=len(OLD) - MOST_TWICE - 1)
    story = replace(
        CORRECTION, versions=[CORRECTION.versions[0], Version("correction", SECOND, early)]
    )
    assert judge(placed(CORRECTED), story).wrong == [
        "65 mails of an old version after it, by notify-1#1"
    ]
    one = [*OLD[:-1], replace(OLD[-1], sender=NEXT), *CORRECTED[len(OLD) :]]
    early = replace(MARK, mails=len(OLD) - 1)
    story = replace(
        CORRECTION, versions=[CORRECTION.versions[0], Version("correction", SECOND, early)]
    )
    assert judge(placed(one), story).wrong == [
        "1 mails of an old version by notify-2#2, begun after it"
    ]


def test_a_mail_s_header_says_what_it_tells_of() -> None:
    head = (
        b"Subject: RETTET: Sikkerhetsvarsel: round-12-v3\r\nMessage-ID: <a.3.x@y>\r\n"
        b"In-Reply-To: <a.2.x@y>\r\nReferences: <a.1.x@y>\r\n <a.2.x@y>\r\nTo: <b@c>\r\n\r\nround-9"
    )
    found = taken(head, "b@c", W)
    assert (found.round, found.version, found.form, found.delivery) == (12, 3, "correction", "a.3")
    assert found.references == {"<a.1.x@y>", "<a.2.x@y>"}
    plain = taken(b"Subject: Sikkerhetsvarsel: round-12\r\nMessage-ID: <a.1.x@y>\r\n\r\n", "b@c", W)
    assert (plain.round, plain.version, plain.form, plain.references) == (12, 1, "alert", set())
    gone = taken(b"Subject: TRUKKET: Sikkerhetsvarsel: round-12-v2\r\n\r\n", "b@c", W)
    assert (gone.version, gone.form) == (2, "withdrawal")
