"""A notice's file is filled in in the language of its headings, and of no other."""

import pytest

from shared.article import Lang
from shared.languages.say import LANGS
from varsel.commands.notices.notice_file import TEXTS, WrongFile, heading, read, template


@pytest.mark.parametrize("lang", LANGS)
def test_a_template_that_is_filled_in_is_read_in_its_language(lang: Lang) -> None:
    filled = template(lang).replace("-->\n", "-->\nDette er sagt.\n")
    assert read(filled) == {"lang": lang} | dict.fromkeys(TEXTS, "Dette er sagt.")


def test_headings_of_two_languages_are_refused_with_the_way_out() -> None:
    mixed = f"## {heading('nb', 'consequences')}\nEn.\n\n## {heading('en', 'advice')}\nTo.\n"
    with pytest.raises(WrongFile) as wrong:
        read(mixed)
    assert "på ett av dem" in wrong.value.why
