"""What an editor should look at again before an article goes out. Warns, and never refuses.

The rules are those that authorities give for warnings to the public: short, plain, both names of
the medicine, nothing that only experts know.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from markdown_it.token import Token

from services.ingest.reading import body, times
from services.ingest.reading.readability import lix, sentences, words
from services.ingest.reading.text_check.findings import Warning
from shared.alert import Alert
from shared.article import Article
from shared.markdown import walk

LONGEST_TITLE = 70
"""Characters: what inboxes and lists of hits show of it."""
LONGEST_SENTENCE = 20
"""Words."""
HIGHEST_LIX = 40
"""An alert above it is hard to read."""

_LISTED = 5
"""Words that a warning names, at most."""
_ABBREVIATION = re.compile(r"(?<!\w)[A-ZÆØÅ]{2,5}(?!\w)")
_KNOWN = frozenset(
    {
        "AS", "ASA", "CD", "CT", "DVD", "EU", "EØS", "FN", "HIV", "ID", "II", "III", "IV", "IX",
        "MR", "NB", "NRK", "OBS", "PC", "PDF", "QR", "SMS", "TV", "UK", "USA", "VI", "VII",
        "VIII", "WHO", "XI", "XII",
    }
)  # fmt: skip
_EXPLAINED = re.compile(
    r"\(\s*([A-ZÆØÅ]{2,5})(?!\w)|(?<!\w)([A-ZÆØÅ]{2,5})(?:-\w+)?\s*\(\s*(?![A-ZÆØÅ]{2,5}\))"
)
_NO_LINK_TEXT = re.compile(
    r"(?:her|klikk(?: her)?|trykk her|sjå her|se her|les mer|les meir|mer|meir|lenke|lenkje|"
    r"denne lenken|denne lenkja|here|click here|read more|more|this link)",
    re.IGNORECASE,
)
_ADDRESS = re.compile(r"https?://\S+")
_RANGE = re.compile(r"(?<![\w.])\d{1,2}\. ?- ?\d{1,2}\.(?!\d)")
_LONG_NUMBER = re.compile(r"(?<![\w.,/+-])\d{5,7}(?![\w/-]|[.,]\d)")


FieldText = tuple[str, str]
"""A field's dotted path and its text, as readers see it."""


def warnings(article: Article) -> list[Warning]:
    """All that is worth a second look, kind by kind."""
    tokens = list(walk(body.parse(article.body)[0]))
    box = _box(article.alert) if article.alert else []
    lead = ("lead", article.lead)
    texts = [("title", article.title), lead, *box, ("body", _shown(tokens))]
    return [
        *_long_title(article.title),
        *(_names_missing(article, article.alert) if article.alert else ()),
        *(warning for text in (lead, *box) for warning in _long_sentences(*text)),
        *_hard_to_read(box),
        *(_past(article.alert) if article.alert else ()),
        *_unexplained(texts),
        *_links_that_say_nothing(tokens),
        *(warning for text in texts for warning in _typography(*text)),
        *_of_the_body(body.read(article.body)),
    ]


@dataclass(frozen=True)
class Hardness:
    """How hard an article is to read: the LIX of its parts, 0 if there is no word."""

    alert: int
    text: int
    """Of lead and body."""


def hardness(article: Article) -> Hardness:
    """The LIX of an article, as the writer sees it while writing."""
    shown = _shown(list(walk(body.parse(article.body)[0])))
    box = _box(article.alert) if article.alert else []
    return Hardness(
        alert=lix(text for _, text in box), text=lix((article.lead, *shown.split("\n")))
    )


def _of_the_body(found: body.BodyReading) -> Iterator[Warning]:
    """What the text check says. Of a text that is stored already, what it would refuse as well."""
    yield from (Warning(error.field, error.message) for error in found.errors)
    yield from (Warning("body", finding.message()) for finding in found.findings)


def _box(alert: Alert) -> list[FieldText]:
    """What the page's box and the mail say of an alert."""
    return [
        ("alert.what_happened", alert.what_happened),
        ("alert.who_is_affected", alert.who_is_affected),
        *((f"alert.what_to_do.{place}", text) for place, text in enumerate(alert.what_to_do)),
        ("alert.stop_advice.text", alert.stop_advice.text),
        *((f"alert.seek_help_if.{place}", text) for place, text in enumerate(alert.seek_help_if)),
    ]


def _shown(tokens: list[Token]) -> str:
    """The text of a body, without code and addresses."""
    marks = {"softbreak": " ", "hardbreak": " ", "inline": "\n"}
    shown = (t.content if t.type == "text" else marks.get(t.type, "") for t in tokens)
    return _ADDRESS.sub("", "".join(shown))


def _long_title(title: str) -> Iterator[Warning]:
    if len(title) > LONGEST_TITLE:
        message = f"tittelen har {len(title)} tegn; kort den ned til {LONGEST_TITLE}"
        yield Warning("title", f"{message}, så den vises hel i innbokser og lister")


def _names_missing(article: Article, alert: Alert) -> Iterator[Warning]:
    """Many know only the name on the package, and the package changes while the substance stays."""
    brands = [brand for medicine in alert.medicines for brand in medicine.brands]
    substances = [medicine.substance for medicine in alert.medicines]
    if not _any_named((*brands, *substances), article.title):
        yield Warning(
            "title",
            "tittelen nevner ingen av medisinene; ta med navnet, så de som bruker den, ser det "
            "straks",
        )
    said = "\n".join((article.title, article.lead, alert.what_happened, alert.who_is_affected))
    for names, what in ((brands, "navnet på pakken"), (substances, "virkestoffet")):
        if not _any_named(names, said):
            message = f"verken tittel, ingress, what_happened eller who_is_affected nevner {what}"
            yield Warning(
                "alert.what_happened", f"{message}; ta det med, for eksempel «{names[0]}»"
            )


def _any_named(names: list[str] | tuple[str, ...], text: str) -> bool:
    folded = text.casefold()
    near = (name for name in map(str.casefold, names) if name in folded)
    return any(re.search(rf"(?<!\w){re.escape(name)}", folded) for name in near)


def _long_sentences(field: str, text: str) -> Iterator[Warning]:
    for sentence in sentences(text):
        found = words(sentence)
        if len(found) > LONGEST_SENTENCE:
            begins = " ".join(found[:4])
            message = f"setningen «{begins} …» har {len(found)} ord"
            yield Warning(field, f"{message}; del den opp, høyst {LONGEST_SENTENCE} er lett å lese")


def _hard_to_read(box: list[FieldText]) -> Iterator[Warning]:
    number = lix(text for _, text in box)
    if number > HIGHEST_LIX:
        message = f"varslet er tungt å lese: LIX er {number}, og høyst {HIGHEST_LIX} er lett"
        yield Warning("alert", f"{message}; bruk kortere setninger og ord i feltene under «alert»")


def _past(alert: Alert) -> Iterator[Warning]:
    if times.is_past(alert.review_by):
        yield Warning("alert.review_by", times.PAST)


def _unexplained(texts: list[FieldText]) -> Iterator[Warning]:
    """Each once, at the place where it is met first."""
    all_text = "\n".join(text for _, text in texts)
    met = _KNOWN | {name for found in _EXPLAINED.findall(all_text) for name in found}
    for field, text in texts:
        found = [name for name in dict.fromkeys(_ABBREVIATION.findall(text)) if name not in met]
        met |= set(found)
        if found:
            message = f"{_listed(found)} er ikke forklart"
            yield Warning(
                field, f"{message}; skriv ordet helt ut, med forkortelsen i parentes etter"
            )


def _links_that_say_nothing(tokens: list[Token]) -> Iterator[Warning]:
    texts, inside = [], False
    for token in tokens:
        if token.type == "link_open":
            inside = True
            texts.append("")
        elif token.type == "link_close":
            inside = False
        elif inside and token.type in ("text", "code_inline"):
            texts[-1] += token.content
    for text in dict.fromkeys(one.strip(" .:!»«→>") for one in texts):
        if _NO_LINK_TEXT.fullmatch(text):
            message = f"lenken «{text}» sier ikke hvor den fører"
            yield Warning("body", f"{message}; la ordene i lenken si hva leseren finner der")


def _typography(field: str, text: str) -> Iterator[Warning]:
    """Språkrådet, «Tankestrek» and «Tall, tid og dato»."""
    if found := list(dict.fromkeys(_RANGE.findall(text))):
        right = [re.sub(" ?- ?", "–", one) for one in found]
        yield Warning(field, f"{_listed(found)} skal ha tankestrek: {_listed(right)}")
    if found := list(dict.fromkeys(_LONG_NUMBER.findall(text))):
        spaced = [f"{int(one):,}".replace(",", "\u00a0") for one in found]
        yield Warning(field, f"{_listed(found)} er lettere å lese med mellomrom: {_listed(spaced)}")


def _listed(found: list[str]) -> str:
    more = f" og {len(found) - _LISTED} til" if len(found) > _LISTED else ""
    return ", ".join(f"«{one}»" for one in found[:_LISTED]) + more
