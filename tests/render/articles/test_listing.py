from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from services.render.articles.listing import (
    PAGE,
    SITEMAP,
    begins_sitemap,
    older_than_newest,
    pages_touched,
    part_of,
    sequences,
)
from shared.languages.dates import written_day


@given(st.integers(1, 10**6), st.sampled_from([PAGE, SITEMAP]))
def test_every_article_is_in_exactly_one_part(sequence: int, size: int) -> None:
    first, last = sequences(part_of(sequence, size), size)
    assert first <= sequence <= last
    assert last - first + 1 == size


@given(st.integers(1, 10**6))
def test_an_article_touches_at_most_two_numbered_pages(sequence: int) -> None:
    touched = pages_touched(sequence)
    assert touched[-1] == part_of(sequence, PAGE)
    assert len(touched) <= 2
    assert min(touched) >= 1


@given(st.one_of(st.integers(1, 10**6), st.integers(1, 200).map(lambda part: part * SITEMAP + 1)))
def test_the_index_of_sitemaps_changes_with_the_first_article_of_each(sequence: int) -> None:
    before, now = part_of(sequence - 1, SITEMAP), part_of(sequence, SITEMAP)
    assert begins_sitemap(sequence) == (before != now)


@given(st.integers(PAGE + 1, 10**6))
def test_reading_on_after_the_newest_misses_no_article(articles: int) -> None:
    page = older_than_newest(articles)
    assert page is not None
    first, last = sequences(page, PAGE)
    assert first <= articles - PAGE <= last


def test_dates_are_written_out_and_never_broken_after_the_day() -> None:
    assert written_day(date(2023, 4, 3), "nb") == "3.\u00a0april 2023"
    assert written_day(date(2023, 4, 3), "nn") == "3.\u00a0april 2023"
