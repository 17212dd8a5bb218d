"""What was not public on an old site is a draft here, and the report says why."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from varsel.commands.moving.html_text import markdown_and_notes
from varsel.commands.moving.markdown_folder import read_markdown
from varsel.commands.moving.old_article import OldArticle, time_of
from varsel.commands.moving.wxr import WxrItem
from varsel.commands.moving.wxr_article import article_of

_SOON = (datetime.now(UTC) + timedelta(days=30)).replace(microsecond=0)
SITE = "https://gammel.example.org/sak/"


def wordpress(**texts: str) -> OldArticle:
    shown = {"wp:post_type": "post", "wp:status": "publish", "title": "Sak", "link": SITE}
    shown |= {"wp:post_date_gmt": "2019-07-01 10:00:00", "content:encoded": "Tekst."}
    article = article_of(
        WxrItem(texts=shown | {f"wp:{name}": text for name, text in texts.items()})
    )
    assert article is not None
    return article


def markdown(tmp_path: Path, said: str, file: str = "sak.md") -> OldArticle:
    (tmp_path / file).parent.mkdir(parents=True, exist_ok=True)
    (tmp_path / file).write_text(f"---\ntitle: Sak\nauthor: Kari\n{said}\n---\nTekst.\n")
    return read_markdown(tmp_path / file, tmp_path)


def assert_draft(article: OldArticle) -> None:
    assert article.document(published=True)["draft"] is True
    assert any("ikke offentlig" in note for note in article.notes)


def assert_public(article: OldArticle) -> None:
    assert article.document(published=True)["draft"] is False
    assert article.notes == []


@pytest.mark.parametrize(
    "texts",
    [
        {"post_password": "hemmelig"},
        *({"status": status} for status in ("draft", "pending", "private", "future", "", "egen")),
        {"post_date_gmt": f"{_SOON:%Y-%m-%d %H:%M:%S}"},
    ],
)
def test_what_wordpress_did_not_show_to_all_is_a_draft(texts: dict[str, str]) -> None:
    assert_draft(wordpress(**texts))


def test_what_wordpress_showed_to_all_is_published() -> None:
    assert_public(wordpress(post_password=""))


@pytest.mark.parametrize(
    "said",
    [
        *(f"draft: {word}" for word in ("true", "True", '"true"', "yes", '"Yes"', "on", "1", "ja")),
        "draft: kanskje",
        "Draft: true",
        *(f"published: {word}" for word in ("false", "False", '"false"', "no", "off", "0")),
        "publishDate: 2100-01-01",
        "expiryDate: 2020-01-01",
        "status: private",
        "password: hemmelig",
    ],
)
def test_what_markdown_kept_back_is_a_draft(tmp_path: Path, said: str) -> None:
    assert_draft(markdown(tmp_path, f"date: 2018-01-05\n{said}"))


@pytest.mark.parametrize("said", ["draft: false", 'draft: "no"', "published: true", "status: ok"])
def test_what_markdown_showed_is_published(tmp_path: Path, said: str) -> None:
    assert_public(markdown(tmp_path, f"date: 2018-01-05\n{said}"))


@pytest.mark.parametrize("file", ["_drafts/sak.md", "a/_Drafts/b/sak.md"])
def test_a_folder_of_drafts_holds_drafts(tmp_path: Path, file: str) -> None:
    assert_draft(markdown(tmp_path, "date: 2018-01-05", file))


def test_a_time_to_come_is_a_draft_and_is_not_sent(tmp_path: Path) -> None:
    article = markdown(tmp_path, f"date: {_SOON.isoformat()}")
    assert_draft(article)
    assert "published_at" not in article.document(published=True)


def test_the_day_of_today_is_no_time_to_come(tmp_path: Path) -> None:
    today = time_of("2018-01-05", "date").tzinfo
    day = datetime.now(today).date().isoformat()
    assert_public(markdown(tmp_path, f"date: {day}"))


@pytest.mark.parametrize("tag", ["form", "noscript"])
@pytest.mark.parametrize("end", ["", "</{tag}>"])
def test_words_that_are_not_taken_along_are_told(tag: str, end: str) -> None:
    found, notes = markdown_and_notes(f"<p>Før.</p><{tag}>Resten her{end.format(tag=tag)}", SITE)
    assert found == "Før."
    [note] = notes
    assert f"<{tag}>" in note
    assert "Resten her" in note
    assert ("ikke lukket" in note) is (not end)


def test_what_follows_a_form_is_kept_however_many_began() -> None:
    found, notes = markdown_and_notes("<form><form>Navn</form><p>Etter.</p>", SITE)
    assert found == "Etter."
    assert "Navn" in notes[0]


def test_the_next_article_is_whole_after_one_that_was_not_closed() -> None:
    markdown_and_notes("<form>Navn", SITE)
    assert markdown_and_notes("<p>Hel.</p>", SITE) == ("Hel.", [])


def test_a_picture_for_those_without_script_comes_once() -> None:
    image = '<img src="/a.jpg" alt="Telt">'
    found, _ = markdown_and_notes(f"{image}<noscript>{image}</noscript>", SITE)
    assert found == "![Telt](https://gammel.example.org/a.jpg)"
