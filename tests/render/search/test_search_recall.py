"""The queries of corpus.txt find what they ask for, beside what Snowball alone would find."""

import sqlite3
from datetime import date
from pathlib import Path

import pytest
import snowballstemmer

from services.render.search.find import find
from services.render.search.index import IndexPlace, SearchIndex
from services.render.search.texts import searched
from services.render.search.words import STOP_WORDS
from tests.render.search.corpus import Corpus, corpus

LEAST = 0.95
FIRST = 5
DAY = date(2026, 11, 28)
START = IndexPlace("0-0", "", 0)


@pytest.fixture(scope="module")
def given() -> Corpus:
    return corpus()


def recall(given: Corpus, answers: dict[str, list[str]]) -> float:
    """The share of right answers that are among the first five, over all queries."""
    shares = [
        len(right & set(answers[query][:FIRST])) / len(right) for query, right in given.queries
    ]
    return sum(shares) / len(shares)


def by_snowball_alone(given: Corpus) -> dict[str, list[str]]:
    """As FTS5 finds with Snowball's stems: all the words, else some of them."""
    stem = snowballstemmer.stemmer("norwegian").stemWord
    base = sqlite3.connect(":memory:")
    base.execute("CREATE VIRTUAL TABLE found USING fts5 (names, title, lead, body)")

    def stems(text: str) -> list[str]:
        plain = "".join(char if char.isalnum() else " " for char in text.lower())
        return [stem(word) for word in plain.split() if word not in STOP_WORDS]

    for number, revision in enumerate(given.revisions):
        text = searched(revision)
        assert text
        row = [" ".join(stems(part)) for part in (text.names, text.title, text.lead, text.body)]
        base.execute(
            "INSERT INTO found (rowid, names, title, lead, body) VALUES (?,?,?,?,?)", (number, *row)
        )
    answers = {}
    for query, _ in given.queries:
        found: dict[int, None] = {}
        for joined in (" AND ", " OR "):
            match = joined.join(f'"{one}"' for one in stems(query))
            rows = base.execute(
                "SELECT rowid FROM found WHERE found MATCH ? ORDER BY bm25(found, 8, 6, 3, 1)",
                (match,),
            )
            found |= {row[0]: None for row in rows} if match else {}
        answers[query] = [given.revisions[number].slug for number in found]
    return answers


def by_the_index(given: Corpus, folder: Path) -> dict[str, list[str]]:
    index = SearchIndex(folder / "search/index.sqlite")
    index.make_anew(START, "")
    texts = [text for revision in given.revisions if (text := searched(revision))]
    assert index.go_on(START, IndexPlace("1-0", "", 0), texts, [])
    with index.reading() as base:
        return {
            query: [t.path.split("/")[2] for t in find(base, query, DAY).all]
            for query, _ in given.queries
        }


def test_of_200_queries_the_right_answers_are_among_the_first_five(
    given: Corpus, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert len(given.queries) >= 200
    answers = by_the_index(given, tmp_path)
    ours, plain = recall(given, answers), recall(given, by_snowball_alone(given))
    missed = [
        f"{query}: {', '.join(right)}; found {answers[query][:3]}"
        for query, right in given.queries
        if not right <= set(answers[query][:FIRST])
    ]
    with capsys.disabled():
        print(
            f"\nsearch: {len(given.queries)} queries over {len(given.revisions)} articles, "
            f"recall@5 {ours:.3f}; Snowball alone {plain:.3f}"
        )
    assert ours >= LEAST, "\n".join(missed)
    assert ours > plain
