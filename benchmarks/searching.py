"""What an article takes of the search's index as it grows, and how long searches take in it.

`python -m benchmarks searching`, minutes; VARSEL_BENCH_ARTICLES sets another number than 50,000.
The articles are the tests' own with sixty of their sentences each, so a word is in far more of them
than on a real site: searches are slower than there.
"""

import os
import random
import tempfile
import time
from collections.abc import AsyncIterator
from datetime import date
from pathlib import Path

from services.render.search.find import find
from services.render.search.index import IndexPlace, SearchIndex
from services.render.search.texts import searched
from shared.revision import Revision
from tests.render.search.corpus import corpus

ARTICLES = int(os.environ.get("VARSEL_BENCH_ARTICLES", "50000"))
_BATCH = 20
_SENTENCES = 60


async def measure() -> AsyncIterator[tuple[str, str, str]]:
    steps = [100] + [size for size in (1_000, 5_000, 10_000, 50_000) if size < ARTICLES]
    with tempfile.TemporaryDirectory() as folder:
        index = SearchIndex(Path(folder) / "search/index.sqlite")
        place = IndexPlace("0-0", "", 0)
        index.make_anew(place, "")
        written = 0
        for size in [*steps, ARTICLES]:
            before, spent = written, 0.0
            while written < size:
                made = [_article(written + one) for one in range(min(_BATCH, size - written))]
                after = IndexPlace(f"{written}-1", "", 0)
                begun = time.process_time()
                index.go_on(place, after, [t for one in made if (t := searched(one))], [])
                spent += time.process_time() - begun
                place, written = after, written + len(made)
            each = spent / (size - before) * 1000
            took = _searches(index)
            yield (f"ms an article, from {before:,} to {size:,}", f"{each:.2f}", "flat")
            yield (f"ms a search among {size:,}: median", f"{took[len(took) // 2]:.1f}", "≤ 50")
            yield (
                "… of a hundred, five took longer",
                f"{took[len(took) * 95 // 100]:.0f}",
                "≤ 200",
            )


def _article(number: int) -> Revision:
    given = corpus().revisions
    chance = random.Random(number)
    said = chance.choices([f"{one.article.lead} {one.article.body}" for one in given], k=_SENTENCES)
    body = " ".join(chance.choice(text.split(". ")).strip() + "." for text in said)
    one = given[number % len(given)]
    title = f"{one.article.title} {number}"
    article = one.article.model_copy(update={"body": body, "title": title})
    return one.model_copy(update={"id": f"b{number:011}", "article": article})


def _searches(index: SearchIndex) -> list[float]:
    took = []
    with index.reading() as base:
        for text, _ in corpus().queries:
            begun = time.perf_counter()
            find(base, text, date(2026, 11, 28))
            took.append((time.perf_counter() - begun) * 1000)
    return sorted(took)
