"""A notice's file is filled in in the language of its headings, and of no other."""

import pytest

from shared.article import Lang
from shared.languages.say import LANGS
from varsel.commands.notices.notice_file import (
    TEXTS,
    WrongFile,
    heading,
    members,
    read,
    template,
)


@pytest.mark.parametrize("lang", LANGS)
def test_a_template_that_is_filled_in_is_read_in_its_language(lang: Lang) -> None:
    filled = template(lang).replace("-->\n", "-->\nDette er sagt.\n")
    assert read(filled) == {"lang": lang} | dict.fromkeys(TEXTS, "Dette er sagt.")


def test_headings_of_two_languages_are_refused_with_the_way_out() -> None:
    mixed = f"## {heading('nb', 'consequences')}\nEn.\n\n## {heading('en', 'advice')}\nTo.\n"
    with pytest.raises(WrongFile) as wrong:
        read(mixed)
    assert "på ett av dem" in wrong.value.why


def test_a_file_of_numbers_has_one_on_each_line_and_blank_lines_do_not_count() -> None:
    assert members("7\n\n 1001 \r\n3\n") == [7, 1001, 3]


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "er tom"),
        ("\n  \n", "er tom"),
        ("7\nKari\n", "Linje 2"),
        ("7, 8\n", "Linje 1"),
        ("-7\n", "Linje 1"),
        ("7\n\nkari@example.org\n", "Linje 3"),
    ],
)
def test_a_file_with_anything_but_numbers_is_refused_and_says_where(text: str, why: str) -> None:
    with pytest.raises(WrongFile) as wrong:
        members(text)
    assert why in wrong.value.why
    assert "kari@" not in wrong.value.why
