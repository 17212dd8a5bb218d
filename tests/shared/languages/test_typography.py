"""What we write ourselves is well set, in each language and wherever it stands."""

import re
from pathlib import Path

import pytest

from shared.article import Lang
from shared.languages.extract import texts
from shared.languages.say import LANGS, catalogue
from shared.languages.typography import wrongly_set

REPO = Path(__file__).parents[3]
_FOLDERS = [
    "services/render/look/templates",
    "services/notify/mail/templates",
    "services/notify/mail/notices/templates",
    "services/notify/letters/templates",
    "services/notify/member_pages/templates",
    "services/notify/staff/templates",
    "shared/frame",
    *(
        str(folder.relative_to(REPO))
        for folder in sorted((REPO / "services/ingest/newsroom").glob("**/templates"))
    ),
]


@pytest.mark.parametrize("lang", LANGS)
def test_all_texts_of_ours_are_well_set(lang: Lang) -> None:
    ours = [str(one.id) for one in texts("nn") if one.id]
    said = ours if lang == "nb" else list(catalogue(lang).values())
    wrong = {text: found for text in said if (found := wrongly_set(text, lang))}
    assert wrong == {}


@pytest.mark.parametrize("folder", _FOLDERS)
def test_texts_in_templates_are_well_set(folder: str) -> None:
    files = [f for f in (REPO / folder).iterdir() if f.suffix in (".html", ".txt")]
    assert files
    for file in files:
        text = re.sub(r"\{%.*?%\}|\{\{.*?\}\}|\{#.*?#\}", " ", file.read_text(), flags=re.DOTALL)
        text = re.sub(r'[\w-]+="[^"]*"', "", text)
        text = re.sub(r"<style>.*?</style>|<[^>]+>", "", text, flags=re.DOTALL)
        assert wrongly_set(text.replace("&nbsp;", "\u00a0"), "nb") == [], file.name


@pytest.mark.parametrize(
    ("lang", "text"),
    [
        *(("nb", text) for text in ('Han sa "ja"', "Ja - nei", "Ta 5 mg", "Vent i 30 minutter",
          "Ring 116 117", "Ring 116117", "5 %", "kl. 10.00", "Vent ...", "12 345", "Ja — nei")),
        *(("nn", text) for text in ("Vent i 30 minutt", "etter 3 veker")),
        *(("en", text) for text in ('He said "yes"', "«Yes»", "don't", "Wait 30 minutes",
          "at 10.00", "116 117", "yes - no")),
    ],
)  # fmt: skip
def test_what_is_badly_set_is_found(lang: Lang, text: str) -> None:
    assert wrongly_set(text, lang)


@pytest.mark.parametrize(
    ("lang", "text"),
    [
        *(("nb", text) for text in ("«Ja», sa han", "Ja – nei", "Ta 5\u00a0mg", "e-post", "2. juni",
          "Ring 116\u00a0117", "kl.\u00a010.00", "Vent …", "12\u00a0345", "til 2026")),
        *(("en", text) for text in ("“Yes,” he said", "don’t", "30\u00a0minutes", "at 10:05",
          "e-mail")),
    ],
)  # fmt: skip
def test_what_is_well_set_is_left_alone(lang: Lang, text: str) -> None:
    assert wrongly_set(text, lang) == []
