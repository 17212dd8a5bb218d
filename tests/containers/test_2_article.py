"""From a posted article to mail, page, feed and post, as those outside see it."""

from pathlib import Path

import feedparser
import httpx
import pytest
from ruamel.yaml import YAML

from tests.containers.stack import REPO, Stack
from tests.wait import until

pytestmark = [pytest.mark.docker, pytest.mark.xdist_group("containers")]
REAL = REPO.parent / "shared/articles/jak-hemmere.md"
DEMO = REPO / "varsel/demo_data/sak.md"


@pytest.fixture(scope="module", params=[DEMO, REAL], ids=["demo", "real"])
def article(request: pytest.FixtureRequest) -> Path:
    if not request.param.exists():
        pytest.skip("the real article is not here")
    return Path(request.param)


async def test_an_article_posted_through_caddy_reaches_every_reader(
    stack: Stack, key: str, members: set[str], article: Path
) -> None:
    done = stack.publish_from_outside(article, key)
    receipt = done["receipt"]
    assert receipt["state"] == "complete"
    assert receipt["handed_over"] == receipt["audience"] == len(members)

    page = httpx.get(done["url"])
    assert page.status_code == 200
    title = _title(article)
    assert title in page.text
    for picture in set(_pictures(page.text)):
        got = httpx.get(f"{stack.url}{picture}")
        assert got.status_code == 200
        assert "immutable" in got.headers["cache-control"]

    mails = stack.mails(title)
    assert {mail["to"][0]["address"] for mail in mails} == members
    assert len(mails) == len(members)
    assert done["url"] in mails[0]["text"]

    feed = feedparser.parse(httpx.get(f"{stack.url}/feed.atom").content)
    assert not feed.bozo
    assert done["url"] in [entry.link for entry in feed.entries]
    assert done["url"] in [i["url"] for i in httpx.get(f"{stack.url}/feed.json").json()["items"]]

    await until(lambda: done["url"] in [post["data"]["url"] for post in stack.posts()])


async def test_the_same_file_again_mails_nobody(
    stack: Stack, key: str, members: set[str], article: Path
) -> None:
    done = stack.publish_from_outside(article, key)
    assert done["repeated"]
    assert done["receipt"]["handed_over"] == len(members)
    assert stack.mails() == []


def test_one_click_through_caddy_ends_a_subscription(stack: Stack, key: str) -> None:
    """The link of a mail, followed by a scanner and then used by a mail program (RFC 8058)."""
    (stack.folder / "files/en.csv").write_text("email,name,lang\nslutter@example.org,En,nb\n")
    stack.varsel("members", "import", "en.csv", "--consent", "Ja")
    stack.publish_from_outside(_with_title("Et varsel til en som slutter", stack), key)
    mail = next(m for m in stack.mails() if m["to"][0]["address"] == "slutter@example.org")
    link = next(word for word in mail["text"].split() if "/member/" in word)
    assert httpx.get(link).status_code == 200
    left = httpx.post(link, data={"List-Unsubscribe": "One-Click"})
    assert left.status_code == 200
    stack.publish_from_outside(_with_title("Et varsel etter at en har sluttet", stack), key)
    assert "slutter@example.org" not in {
        m["to"][0]["address"] for m in stack.mails("etter at en har sluttet")
    }


def _title(article: Path) -> str:
    front_matter: str = article.read_text().split("---\n", 2)[1]
    return str(YAML(typ="safe").load(front_matter)["title"])


def _with_title(title: str, stack: Stack) -> Path:
    """A new alert, with its pictures beside it."""
    lines = DEMO.read_text().splitlines(keepends=True)
    place = next(n for n, line in enumerate(lines) if line.startswith("title: "))
    lines[place] = f'title: "{title}"\n'
    folder = stack.folder / "saker" / str(abs(hash(title)))
    folder.mkdir(parents=True)
    for picture in DEMO.parent.glob("*.jpg"):
        (folder / picture.name).write_bytes(picture.read_bytes())
    (folder / "sak.md").write_text("".join(lines))
    return folder / "sak.md"


def _pictures(html: str) -> list[str]:
    return [part.split('"')[0] for part in html.split('src="')[1:] if part.startswith("/assets/")]
