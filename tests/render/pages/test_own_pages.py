"""Pages that belong to no article say all that they say in the language of the site."""

import re
from collections.abc import Iterator
from datetime import date

import pytest
from jinja2 import nodes

from services.render.articles.teaser import Teaser
from services.render.look.templates import Site, fill
from services.render.look.theme import OWN, _environment
from services.render.pages import found, pages
from services.render.pages.fixed import FIXED, in_own_language
from services.render.search.find import SearchResult
from shared.article import Lang
from shared.event_data import Seal
from shared.identity import Identity
from shared.languages.say import LANGS
from shared.subject import Subject
from tests.make import alert, alert_fields, news, revision
from tests.render.reading import Page
from tests.render.said import TEMPLATES, bokmal_only, shown, texts

OTHERS = LANGS[1:]
DAY = date(2026, 9, 10)
NEWS = Teaser.of(revision(news()))
DRUG = Subject(
    id="exempla",
    name="Exempla på bokmål",
    name_nn="Exempla på nynorsk",
    name_en="Exempla in English",
    substance="exemplatinib",
    brands=("Exempla",),
)
CLASS = Subject(id="provoer", name="Provo", brands=("Provo",))
NAMES = {"Atom", "JSON Feed", "rot.json", "CAP"}
"""The same in every language."""


def _alert(**days: str) -> Teaser:
    return Teaser.of(revision(alert(alert=alert_fields() | days)))


VALID = _alert()
PAST = _alert(review_by="2026-09-05")
COMING = _alert(valid_from="2026-09-20", review_by="2026-10-20")
SEALS = [
    Seal(day=date(2026, 9, 2), entries=12, root="b" * 64),
    Seal(day=date(2026, 9, 1), entries=1, root="a" * 64),
]


def site(lang: Lang) -> Site:
    own = Identity(
        language=lang, telephone="22 00 00 00", organisation_number="974760673", email="a@b.no"
    )
    return Site("Exempla Org", "https://varsel.example.org", ()).dressed(own)


def _search(of: Site, query: str = "", trouble: str | None = None, **found_: object) -> str:
    result = SearchResult(day=DAY, **found_) if found_ else None  # type: ignore[arg-type]
    values = {"query": query, "trouble": trouble, "found": result, "shown": 30, "longest": 200}
    return fill("search.html", **in_own_language(of), **values, is_whole=not found_)


def _searches(of: Site) -> Iterator[str]:
    yield _search(of)
    for trouble in ("long", "busy", "slow", "away"):
        yield _search(of, "x", trouble)
    yield _search(of, "x", teasers=())
    yield _search(of, "x", teasers=(NEWS,), unknown=("qq",))
    yield _search(of, "x", teasers=(NEWS, PAST), unknown=("qq", "xx"), is_more=True)
    yield _search(of, "x", alerts=(VALID,), teasers=(NEWS,), some=(NEWS, PAST), meant=(("a", "b"),))
    yield _search(of, "x", some=(NEWS, PAST))


def every(lang: Lang) -> list[str]:
    """Each of these pages, in each state that it can be in."""
    of = site(lang)
    medicine = found.OfMedicine(DRUG, [CLASS], [])
    whole_class = found.OfMedicine(CLASS, [], [DRUG])
    return [
        *(str(FIXED[path](of)) for path in (".not-found.html", "for-fagfolk/index.html")),
        pages.front_page(of, [], []),
        pages.front_page(of, [NEWS], [VALID]),
        pages.audit_page(of, []),
        pages.audit_page(of, SEALS),
        pages.newest_page(of, [], None),
        pages.newest_page(of, [NEWS], 1),
        pages.numbered_page(of, 1, [NEWS], 40),
        found.topic_page(of, "kurs", "Kurs", [NEWS], 2),
        found.alerts_page(of, [], [], [], DAY),
        found.alerts_page(of, [VALID] * 101, [VALID, PAST, COMING], [DRUG], DAY),
        found.medicine_page(of, medicine, [], 0, DAY),
        found.medicine_page(of, medicine, [PAST, COMING], 3, DAY),
        found.medicine_page(of, whole_class, [VALID], 2, DAY),
        *_searches(of),
    ]


def test_every_text_of_these_pages_is_on_one_of_them() -> None:
    """So the tests below leave none out."""
    assert set(texts()) - set().union(*(shown(one, "nb", texts()) for one in every("nb"))) == set()


@pytest.mark.parametrize("lang", OTHERS)
def test_every_text_of_a_page_is_shown_in_the_language_of_the_site(lang: Lang) -> None:
    for before, page in zip(every("nb"), every(lang), strict=True):
        said = shown(before, "nb", texts())
        assert said - shown(page, lang, said) == set()
        assert bokmal_only(page, lang) == set()
        assert bokmal_only(before, lang), "the test sees what is bokmål"


@pytest.mark.parametrize("lang", LANGS)
def test_the_language_is_said_to_browsers_and_to_who_shares_the_page(lang: Lang) -> None:
    locale = {"nb": "nb_NO", "nn": "nn_NO", "en": "en_GB"}[lang]
    for html in every(lang):
        [attributes] = Page(html).all("html")
        assert attributes == {"lang": lang}
        assert "og:locale" not in html or f'property="og:locale" content="{locale}"' in html


@pytest.mark.parametrize("lang", LANGS)
def test_days_and_names_of_medicines_are_in_the_language(lang: Lang) -> None:
    day = {"nb": "2. september 2026", "nn": "2. september 2026", "en": "2 September 2026"}[lang]
    assert day in Page(pages.audit_page(site(lang), SEALS)).text
    names = {one: DRUG.called(one) for one in LANGS}
    page = found.medicine_page(site(lang), found.OfMedicine(DRUG, [], []), [], 0, DAY)
    assert f"<h1>{names[lang]}</h1>" in page
    linked = Page(page).linked[0]
    assert (linked["inLanguage"], linked["name"]) == (lang, names[lang])
    others = set(names.values()) - {names[lang]}
    listed = found.alerts_page(site(lang), [], [], [DRUG], DAY)
    assert not [one for one in others if one in page + listed]


def test_an_article_in_a_list_keeps_its_own_language() -> None:
    listed = pages.newest_page(site("en"), [NEWS], None)
    assert '<li class="teaser" lang="nb">' in listed
    assert "1. september 2026" in Page(listed).text


def test_markup_in_what_is_said_comes_out_as_text() -> None:
    hostile = DRUG.model_copy(update={"name_en": "<b>x</b>"})
    page = found.medicine_page(site("en"), found.OfMedicine(hostile, [], []), [PAST], 9, DAY)
    searched = _search(site("en"), "<i>y</i>", teasers=())
    assert "<b>x" not in page
    assert "<i>y" not in searched
    assert "&lt;b&gt;x" in page
    assert "&lt;i&gt;y" in searched


@pytest.mark.parametrize("name", TEMPLATES)
def test_no_template_of_these_pages_says_a_text_that_no_catalogue_can_have(name: str) -> None:
    source = (OWN / name).read_text()
    bare = re.sub(r"\{#.*?#\}|\{%.*?%\}|\{\{.*?\}\}", "", source, flags=re.DOTALL)
    said = re.findall(r'(?:aria-label|placeholder|title|alt)="([^"]*)"', bare)
    said += re.sub(r"<[^>]*>", "\n", bare).splitlines()
    words = {one.strip(" .,:«»") for one in said if re.search("[a-zæøå]", one, re.I)}
    assert words - NAMES == set()
    assert [one for one in _constants(_environment(None).parse(source)) if _is_text(one)] == []


def _constants(node: nodes.Node) -> Iterator[str]:
    """The texts in a template's expressions, but for those that are said in a language."""
    if isinstance(node, nodes.Call) and isinstance(node.node, nodes.Name) and node.node.name == "t":
        return
    if isinstance(node, nodes.Const) and isinstance(node.value, str):
        yield node.value
    for inner in node.iter_child_nodes():
        yield from _constants(inner)


def _is_text(constant: str) -> bool:
    return bool(re.search(r"[æøå]|[a-z] [a-z]|^[A-ZÆØÅ]", constant))
