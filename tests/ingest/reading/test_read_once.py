"""A text of nearly the greatest length is not read again by each who asks for the same."""

from services.ingest.desk.from_article import from_article
from services.ingest.desk.judge import judge
from services.ingest.reading import body
from services.ingest.reading.reader import read_here
from services.ingest.reading.submission import Submission
from tests import make

LONG = "\n\n".join(f"Avsnitt {n} sier noe om medisinen." for n in range(500))


def test_fields_linter_and_judge_read_a_body_once() -> None:
    raw = make.alert(body=LONG).model_dump_json(exclude_none=True).encode()
    before = body.read.cache_info().misses
    judge(from_article(make.alert(body=LONG)))
    read_here("application/json", raw, Submission, None)
    assert body.read.cache_info().misses == before + 1
