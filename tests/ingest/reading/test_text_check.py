"""The text check: what readers would not see is refused or told of, with line and way out."""

import json
import re

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from services.ingest.problems import Problem
from services.ingest.reading import body as reading_body
from services.ingest.reading import submission
from services.ingest.reading.body import read
from services.ingest.reading.submission import Resubmission
from shared.text import many_lines
from tests import make
from tests.examples import examples
from tests.ingest.conftest import Ingest
from tests.ingest.hostile import front_matter, markdown
from tests.ingest.reading.examples import CLEAR, PIECES, REFUSED, WARNED
from tests.ingest.reading.seen import is_as_written, page_text
from tests.ingest.staff_at_work import news, somebody
from tests.render.real import needs_real_article, real_article


def refused(body: str) -> list[str]:
    return [one.message() for one in read(body).findings if one.refused]


def warned(body: str) -> list[str]:
    return [one.message() for one in read(body).findings if not one.refused]


@pytest.mark.parametrize("name", REFUSED)
def test_what_would_vanish_is_refused_with_its_line_and_the_way_out(name: str) -> None:
    body, line, seen, way_out = REFUSED[name]
    (message,) = refused(body)
    assert message.startswith(f"linje {line} i teksten: ")
    assert seen in message or seen in body
    assert way_out in message


@pytest.mark.parametrize("name", WARNED)
def test_what_can_be_read_in_two_ways_is_told_with_its_line(name: str) -> None:
    body, line, way_out = WARNED[name]
    assert refused(body) == []
    messages = warned(body)
    assert messages, name
    assert messages[0].startswith(f"linje {line} i teksten: ")
    assert way_out in messages[0]


@pytest.mark.parametrize("body", CLEAR)
def test_what_is_clear_is_not_told_of(body: str) -> None:
    found = read(body)
    assert (found.errors, found.findings) == ((), ())


@needs_real_article
def test_the_real_article_is_clear() -> None:
    found = read(real_article().body)
    assert (found.errors, found.findings) == ((), ())


TEXTS = st.lists(st.sampled_from(PIECES), min_size=1, max_size=30).map("".join)


@settings(max_examples=examples(600))
@given(TEXTS)
def test_what_is_accepted_without_a_word_is_seen_as_it_was_written(body: str) -> None:
    found = read(body)
    if not found.errors and not found.findings:
        assert is_as_written(body), (body, page_text(body))


@given(TEXTS | st.text(max_size=200))
@example("\r0")
@example("a\r\r\n\rb")
@example("\0\r- 5")
def test_any_text_is_checked_and_every_line_exists(body: str) -> None:
    lines = re.split(r"\r\n?|\n", body)  # CommonMark 0.31, section 2.1
    for one in read(body).findings:
        assert 1 <= one.line <= len(lines)
        assert many_lines(one.message())


@pytest.mark.parametrize(
    ("body", "seen"),
    [
        ("Ta 2*500 mg", "Ta 2500 mg"),
        ("under\n- 5 grader", "under 5 grader"),
        ("17. feb.", "4. feb."),
    ],
)
def test_the_second_opinion_knows_a_changed_text(
    body: str, seen: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tests.ingest.reading.seen.page_text", lambda _: seen)
    assert not is_as_written(body)


def errors(content_type: str, raw: bytes, earlier: str | None = None) -> list[str]:
    model = Resubmission if earlier else submission.Submission
    with pytest.raises(Problem) as caught:
        submission.read(content_type, raw, model, earlier=earlier)
    return [f"{one.field}: {one.message}" for one in caught.value.errors]


def test_the_line_is_the_one_of_the_file() -> None:
    raw = markdown(front_matter(), "\n\nTekst.\n\n[NB]: 500")
    line = raw.decode().split("\n").index("[NB]: 500") + 1
    (message,) = errors("text/markdown", raw)
    assert message.startswith(f"body: linje {line}: leserne ville ikke sett «[NB]: 500»")
    article = make.news().model_dump(mode="json") | {"body": "\n\nTekst.\n\n[NB]: 500"}
    (message,) = errors("application/json", json.dumps(article).encode())
    assert message.startswith("body: linje 3 i teksten: ")


OLD = "Tekst.\n\n[NB]: 500\n\n<b>Før</b>"


def test_a_stored_body_is_not_judged_again() -> None:
    article = make.news().model_dump(mode="json") | {"body": OLD, "title": "Ny tittel"}
    raw = json.dumps(article).encode()
    assert submission.read("application/json", raw, Resubmission, earlier=OLD).article.body == OLD
    assert errors("application/json", raw)
    changed = json.dumps(article | {"body": f"{OLD}\n\nMer."}).encode()
    assert errors("application/json", changed, OLD)


async def test_a_live_article_from_before_a_rule_can_be_changed_and_withdrawn(
    ingest: Ingest, monkeypatch: pytest.MonkeyPatch
) -> None:
    kari = await somebody(ingest, "Kari")
    fields = news(body="Tekst.\n\n[NB]: 500")
    with monkeypatch.context() as before_the_rule:
        before_the_rule.setattr(reading_body, "check", lambda *_: [])
        reading_body.read.cache_clear()  # another test may have had the same body
        first = (await kari.new(fields)).json()
    reading_body.read.cache_clear()  # the rule comes with a new start
    edit = fields | {"title": "Ny tittel", "change": {"kind": "edit"}}
    answer = await kari.put(first["id"], edit, first["etag"])
    assert answer.status_code == 200, answer.text
    assert any("[NB]: 500" in one["message"] for one in answer.json()["warnings"])
    worse = edit | {"body": "Tekst.\n\n[NB]: 5000"}
    assert (await kari.put(first["id"], worse, answer.json()["etag"])).status_code == 422
    withdrawn = await kari.take("withdraw", first["id"], "Feil.")
    assert withdrawn.json()["status"] == "withdrawn"


async def test_an_invisible_character_goes_and_is_told_of(ingest: Ingest) -> None:
    article = make.news(body="Tekst.").model_dump(mode="json")
    article |= {"title": "Exem\u00adpla: nytt råd", "body": "Ta\u200b 2\u00ad*5 mg.\ufeff"}
    answer = await ingest.post(article)
    assert answer.status_code == 201
    told = {one["field"]: one["message"] for one in answer.json()["warnings"]}
    assert "et usynlig tegn" in told["title"]
    assert "3 usynlige tegn" in told["body"]
    read_back = submission.read("application/json", json.dumps(article).encode()).article
    assert (read_back.title, read_back.body) == ("Exempla: nytt råd", "Ta 2*5 mg.")
