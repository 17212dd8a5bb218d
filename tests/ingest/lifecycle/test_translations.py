"""An article says of which one it is a translation; never of what it cannot be one of."""

from typing import Any

import pytest

from services.ingest.lifecycle.original import why_no_original
from shared.revision import content_sha256
from tests import make
from tests.ingest.conftest import Ingest
from tests.ingest.staff_at_work import Somebody, news, somebody

FIRST, OTHER = "first0000000", "other0000000"


@pytest.fixture
async def kari(ingest: Ingest) -> Somebody:
    return await somebody(ingest, "Kari")


async def test_a_translation_is_of_an_original_in_another_language(kari: Somebody) -> None:
    original = (await kari.new(news(title="En sak"))).json()["id"]
    fields = news(title="Ei sak", lang="nn", translation_of=original)
    answer = await kari.new(fields)
    assert answer.status_code == 201
    again = await kari.new(fields | {"title": "Ei anna", "translation_of": answer.json()["id"]})
    assert (again.status_code, again.json()["errors"][0]["field"]) == (422, "translation_of")
    assert original in again.json()["errors"][0]["message"], "it says which one to write"


async def test_what_is_stored_already_is_not_judged_again(kari: Somebody) -> None:
    """A live article can be corrected, whatever has become of its original."""
    original = (await kari.new(news(title="En sak"))).json()["id"]
    fields = news(title="Ei sak", lang="nn", translation_of=original)
    mine = (await kari.new(fields)).json()["id"]
    seen = await kari.get(original)
    changed = news(title="Ei sak til", lang="nn", change={"kind": "edit"})
    assert (await kari.put(original, changed, seen["etag"])).status_code == 200
    seen = await kari.get(mine)
    edited = fields | {"lead": "Ein ny ingress.", "change": {"kind": "edit"}}
    assert (await kari.put(mine, edited, seen["etag"])).status_code == 200


@pytest.mark.parametrize(
    ("original", "found", "refused"),
    [
        (OTHER, make.news(), False),
        (OTHER, None, True),
        (OTHER, make.news(lang="nn"), True),
        (OTHER, make.news(translation_of="third0000000"), True),
        (FIRST, make.news(), True),
    ],
)
def test_what_cannot_be_an_original_is_refused(original: str, found: Any, refused: bool) -> None:
    article = make.news(lang="nn", translation_of=original)
    assert bool(why_no_original(article, FIRST, original, found)) is refused


def test_the_field_is_content_but_changes_nothing_of_articles_without_it() -> None:
    """What was approved before there was such a field is still approved."""
    plain = make.news()
    assert content_sha256(plain, {}) != content_sha256(make.news(translation_of=OTHER), {})
    older = plain.model_dump(mode="json")
    del older["translation_of"]
    assert content_sha256(type(plain).model_validate(older), {}) == content_sha256(plain, {})
