"""The names of a picture's files."""

from hypothesis import given
from hypothesis import strategies as st

from shared.article import Picture
from shared.picture_files import PictureSizes, ending, file_name, widths

pictures = st.builds(
    Picture,
    name=st.from_regex(r"\A[a-z][a-z0-9-]{0,20}\.(jpg|png|webp)\Z"),
    width=st.integers(1, 4000),
    height=st.integers(1, 4000),
)


@given(pictures)
def test_there_are_at_most_three_widths_and_the_own_is_the_last_and_largest(one: Picture) -> None:
    found = widths(one)
    assert len(found) <= 3
    assert list(found) == sorted(set(found))
    assert found[-1] == one.width


@given(pictures)
def test_each_file_has_a_name_of_its_own_and_the_kept_one_keeps_its(one: Picture) -> None:
    sizes = PictureSizes(picture=one, widths=widths(one), formats=("avif", "webp"))
    kinds = {"avif", "webp", ending(one)}
    names = [name for kind in kinds for name, _ in sizes.files(kind)]
    assert len(names) == len(set(names))
    assert one.name in names
    assert file_name(one, one.width, ending(one)) == one.name
    assert all("/" not in name and name.count(".") in (1, 2) for name in names)
