"""What a line means for whom it names, whatever is known of them."""

from datetime import UTC, date, datetime

from hypothesis import given
from hypothesis import strategies as st

from services.notify.members.endings import Left
from services.notify.members.many import Known
from services.notify.members.member import BY_STAFF, IMPORTED, JOINED, Member
from services.notify.members.store import Found
from services.notify.register.judge import LineMeaning, Terms, judge, lists_of
from services.notify.register.reading.rows import Row

AT = datetime(2026, 3, 1, 12, tzinfo=UTC)
DATES = st.none() | st.dates(date(2026, 2, 1), date(2026, 4, 1))
LISTS = st.sets(st.sampled_from(["nord", "styreweb"])).map(lambda lists: ",".join(sorted(lists)))
NAMES = st.sampled_from(["", "Kari", "Kari Ås"])
MEMBERS = st.builds(
    Member,
    email=st.just("kari@example.org"),
    name=NAMES,
    lang=st.sampled_from(["nb", "nn"]),
    consent=st.just("old"),
    how=st.sampled_from([IMPORTED, JOINED, BY_STAFF]),
    lists=LISTS,
)
ROWS = st.builds(
    Row,
    line=st.just(2),
    email=st.just("kari@example.org"),
    name=NAMES,
    lang=st.sampled_from(["nb", "nn", None]),
)
TERMS = st.builds(
    Terms,
    consent=st.just("new"),
    consented_on=DATES,
    list=st.sampled_from(["", "styreweb"]),
    update=st.booleans(),
)


def known(
    member: Member | None, *, left: Left | None = None, is_left: bool = False, moved: bool = False
) -> Known:
    erased = is_left and member is None and left is None
    found = Found(7, left=is_left or left is not None, erased=erased, moved=moved)
    return Known(found, left, b"sealed" if member else None, member)


@given(ROWS, TERMS)
def test_who_is_not_known_becomes_a_member_with_the_consent_of_the_list(
    row: Row, terms: Terms
) -> None:
    judged = judge(row, None, terms)
    assert judged.meaning is LineMeaning.NEW
    assert judged.member
    assert (judged.member.consent, judged.member.lists) == ("new", terms.list)
    assert (judged.member.how, judged.member.lang) == (IMPORTED, row.lang or "nb")
    assert judged.member.confirmed == (str(terms.consented_on) if terms.consented_on else "")


@given(ROWS, TERMS, MEMBERS)
def test_a_member_in_force_keeps_consent_and_lists_and_is_changed_only_if_asked(
    row: Row, terms: Terms, member: Member
) -> None:
    judged = judge(row, known(member), terms)
    after = judged.member or member
    assert judged.meaning in (LineMeaning.SAME, LineMeaning.CHANGE, LineMeaning.DIFFER)
    assert (after.consent, after.how, after.confirmed) == (
        member.consent,
        member.how,
        member.confirmed,
    )
    assert lists_of(after) >= lists_of(member)
    assert (terms.list in lists_of(after)) or not terms.list or member.how != IMPORTED
    assert lists_of(after) == lists_of(member) or member.how == IMPORTED
    says_otherwise = (row.name or member.name, row.lang or member.lang) != member[1:3]
    assert says_otherwise == bool(judged.words)
    if not terms.update:
        assert after[1:3] == member[1:3]
    elif judged.meaning is LineMeaning.CHANGE:
        assert after[1:3] == (row.name or member.name, row.lang or member.lang)
    assert judged.was_listed == bool(terms.list and terms.list in lists_of(member))


@given(ROWS, TERMS, MEMBERS, st.booleans())
def test_whoever_a_list_ended_is_back_as_they_were(
    row: Row, terms: Terms, member: Member, expired: bool
) -> None:
    left = Left(AT, by_list=True)
    judged = judge(row, known(None if expired else member, left=left), terms)
    assert judged.meaning is LineMeaning.BACK
    assert judged.member
    assert judged.member.lists == terms.list
    if not expired:
        assert judged.member == member._replace(lists=terms.list)


@given(ROWS, TERMS, MEMBERS, st.booleans())
def test_whoever_left_comes_back_only_by_a_later_consent(
    row: Row, terms: Terms, member: Member, expired: bool
) -> None:
    left = Left(AT, by_list=False)
    judged = judge(row, known(None if expired else member, left=left), terms)
    agreed = terms.consented_on is not None and terms.consented_on > AT.date()
    assert (judged.meaning is LineMeaning.BACK) == agreed
    if agreed:
        assert judged.member
        assert (judged.member.consent, judged.member.how) == ("new", IMPORTED)
    else:
        assert judged.meaning is LineMeaning.REFUSE
        assert judged.member is None


@given(ROWS, TERMS, MEMBERS)
def test_whoever_is_erased_or_moved_or_left_nobody_knows_when_is_refused(
    row: Row, terms: Terms, member: Member
) -> None:
    for one in (known(None, is_left=True), known(member, is_left=True), known(member, moved=True)):
        judged = judge(row, one, terms)
        assert (judged.meaning, judged.member) == (LineMeaning.REFUSE, None)
        assert judged.words
