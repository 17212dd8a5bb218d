"""Which texts of ours a page shows, and in which language."""

import re
from collections.abc import Iterable
from functools import cache
from html import unescape
from string import Formatter

from services.render.look.theme import OWN
from services.render.text.labels import labels
from shared.article import Lang
from shared.frame.words import frame_words
from shared.languages.extract import in_template
from shared.languages.say import say
from tests.render.reading import plain

TEMPLATES = (
    *("alerts.html", "audit.html", "base.html", "for_systems.html", "front.html", "list.html"),
    *("medicine.html", "not_found.html", "search.html", "site_head.html", "teasers.html"),
    "topic.html",
)
"""Of the pages that belong to no article."""
_NUMBERS = {"number", "shown", "all", "page", "longest"}
"""Places for these."""
_SAID = re.compile(r'(?:content|title|aria-label|placeholder|alt)="([^"]*)"')
_ARTICLES = re.compile(r'<li class="teaser.*?</li>|(?<=</strong></p>)\n<ul>.*?</ul>', re.DOTALL)
"""In a list, and among the warnings above the front page."""


@cache
def texts() -> frozenset[str]:
    """All fixed texts of the pages that belong to no article, in bokmål."""
    words, frame = labels("nb"), frame_words("nb")
    own = {words.audit, words.all_news, words.valid_now, words.valid_later, words.valid_before}
    return frozenset(
        own.union(vars(frame).values(), *(in_template(OWN / one) for one in TEMPLATES))
    )


def shown(html: str, lang: Lang, among: Iterable[str]) -> set[str]:
    """The texts, by what they are in bokmål, whose form in this language is in the page, other than
    in the articles of its lists: those are in a language of their own."""
    own = _ARTICLES.sub(" ", re.sub(r"<script.*?</script>", " ", html, flags=re.DOTALL))
    read = " ".join([re.sub(r"<[^>]*>", " ", own), *_SAID.findall(own)])
    text = plain(unescape(read))
    return {one for one in among if _pattern(say(one, lang)).search(text)}


def bokmal_only(html: str, lang: Lang) -> set[str]:
    """The texts that the page shows in bokmål, though they are others in this language."""
    return shown(html, "nb", [one for one in texts() if say(one, lang) != one])


@cache
def _pattern(said: str) -> re.Pattern[str]:
    """A text with its places, as it stands in a page with single spaces."""
    found = []
    for text, name, _, _ in Formatter().parse(said.replace("\u00a0", " ")):
        place = "" if name is None else r"\d+" if name in _NUMBERS else ".+?"
        found.append(re.escape(text) + place)
    return re.compile(rf"(?<!\w){''.join(found)}(?!\w)")
