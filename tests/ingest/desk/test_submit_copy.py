"""A working copy becomes a revision once, whenever the process dies and whoever else submits."""

import asyncio
from typing import Any

import pytest

from services.ingest.desk.from_article import from_article
from services.ingest.desk.open_copy import OpenCopy
from services.ingest.desk.store import Desk
from services.ingest.desk.submit_copy import SubmitCopy
from services.ingest.lifecycle.store import Articles
from services.ingest.people.person import Person
from services.ingest.problems import Problem
from tests import make
from tests.ingest.conftest import Ingest
from tests.ingest.staff_at_work import a_person

KARI, OLA = a_person("Kari"), a_person("Ola")


class Copies:
    def __init__(self, ingest: Ingest) -> None:
        parts = ingest.service.http.api.state.parts  # type: ignore[attr-defined]
        self.desk = Desk(parts.redis)
        self.articles: Articles = parts.articles
        self.open = OpenCopy(self.desk, parts.articles)
        self.submit = SubmitCopy(self.desk, self.open, parts.submit_article, parts.save_revision)

    async def begun(self, by: Person = KARI) -> tuple[str, int]:
        article = await self.desk.create(by, from_article(make.alert()))
        copy = await self.desk.find(article)
        assert copy
        return article, copy.version


@pytest.fixture
async def copies(make_ingest: Any) -> Copies:
    return Copies(await make_ingest(alert_approvals=1))


async def test_a_copy_whose_process_died_after_it_was_submitted_is_no_second_revision(
    copies: Copies,
) -> None:
    article, version = await copies.begun()
    copy = await copies.desk.find(article)
    assert copy
    await copies.submit(article, version, KARI)
    # As if the process had died before it removed the copy.
    await copies.desk.save(article, copy.fields, 0, KARI, sitting="s")
    opened = await copies.open(article)
    assert opened
    assert not opened.is_behind
    await copies.submit(article, opened.copy.version, KARI)
    assert await copies.desk.find(article) is None
    assert [one.revision for one in await copies.articles.revisions(article)] == [1]


async def test_of_two_who_submit_at_once_one_does_and_the_copy_is_gone(copies: Copies) -> None:
    article, version = await copies.begun()
    done = await asyncio.gather(
        copies.submit(article, version, KARI),
        copies.submit(article, version, OLA),
        return_exceptions=True,
    )
    assert [
        one for one in done if isinstance(one, BaseException) and not isinstance(one, Problem)
    ] == []
    assert any(not isinstance(one, Problem) for one in done)
    assert [one.revision for one in await copies.articles.revisions(article)] == [1]
    assert await copies.desk.find(article) is None


async def test_what_is_typed_while_another_submits_stays_and_is_no_part_of_it(
    copies: Copies,
) -> None:
    article, version = await copies.begun()
    newer = from_article(make.alert(title="Eksempelinib: nytt"))
    later = await copies.desk.save(article, newer, version, OLA, sitting="s")
    with pytest.raises(Problem) as refused:
        await copies.submit(article, version, KARI)
    assert refused.value.name == "typed-since"
    assert await copies.desk.find(article) == later
    assert await copies.articles.find(article) is None


async def test_everybody_who_typed_is_an_author_also_of_a_later_revision(copies: Copies) -> None:
    article, version = await copies.begun()
    await copies.submit(article, version, KARI)
    newer = from_article(make.alert(title="Eksempelinib: rettet"))
    typed = await copies.desk.save(article, newer, 0, OLA, sitting="s", base=1)
    await copies.submit(article, typed.version, KARI)  # type: ignore[union-attr]
    stored = await copies.articles.find(article)
    assert stored
    assert stored.life.author_ids == {KARI.id, OLA.id}
    assert stored.life.revision == 2
