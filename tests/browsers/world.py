"""The system that the browser looks at: one `varsel up` with every kind of page on it."""

import hashlib
import json
import re
import time
from collections.abc import Callable, Collection
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any, TypeVar

import httpx
from PIL import Image
from redis import Redis

from services.render.articles.lists import topic_slug
from shared.article import Article, Lang
from shared.event_data import Preview, Seal
from shared.events import (
    ArticleEvent,
    ArticleRevised,
    ArticleSubmitted,
    ArticleWithdrawn,
    AuditSealed,
    from_fields,
    to_fields,
)
from shared.languages.say import LANGS, lang_of
from shared.revision import Revision
from shared.trace import new_traceparent
from shared.visitors.cookies import MEMBER_COOKIES
from tests.browsers import some_articles
from tests.browsers.page_names import MY_PAGES, MY_PAGES_ELSEWHERE
from tests.make import alert, news
from tests.render.lives import later, withdrawal
from tests.system.running import REPO, Up
from tests.wait import LateError
from varsel.run.embedded import redis_url

REAL_ARTICLE = REPO / "../shared/articles/jak-hemmere.md"
SITE_NAME = "Eksempelforeningen"
MEMBERS = 20
CORRECTION = "Dosen var feil i den første versjonen av varselet."
EVERY_ELEMENT = Path(__file__).parent / "every_element.md"
_MORE_NEWS = 22  # with the others, more than fit on one page of the list

T = TypeVar("T")


def wait_for(condition: Callable[[], T | None], timeout: float = 30.0) -> T:
    """As `tests.wait.until`, where no event loop may be used: Playwright has its own."""
    deadline = time.monotonic() + timeout
    while not (value := condition()):
        if time.monotonic() > deadline:
            raise LateError(f"not so within {timeout} s; last seen: {value!r}")
        time.sleep(0.01)
    return value


class World:
    """A running system and what is published on it."""

    def __init__(self, up: Up) -> None:
        self.up = up
        self.key = up.key()
        self.sessions: dict[Lang, str] = {}
        """The cookie of a member of each language who is logged in."""
        self.http = httpx.Client(
            base_url=up.url, headers={"Authorization": f"Bearer {self.key}"}, timeout=30
        )

    def import_members(self, *members: tuple[str, str], lang: Lang = "nb") -> dict[str, Any]:
        """Sign up (address, name) from a list as the operator would; the command's report."""
        file = self.up.data / "medlemmer.csv"
        rows = (
            f'{email},"{name.replace(chr(34), chr(34) * 2)}",{lang}\n' for email, name in members
        )
        file.write_text("email,name,lang\n" + "".join(rows))
        return self.up.json("members", "import", str(file), "--consent", "Ja takk")

    def publish_file(self, file: Path) -> str:
        """Publish with the command, pictures and all; the page's path."""
        return self._path(self.up.json("publish", str(file), key=self.key)["url"])

    def post(self, article: Article) -> dict[str, Any]:
        """Post an article, which must be accepted; the answer."""
        answer = self.http.post("/api/articles", json=article.model_dump(mode="json"))
        assert answer.status_code == 201, answer.text
        document: dict[str, Any] = answer.json()
        return document

    def publish(self, article: Article) -> str:
        """Post an article and wait until its page is there and all is sent; the page's path."""
        posted = self.post(article)
        self.settled(posted["id"])
        return self._path(posted["url"])

    def receipt(self, article: str) -> dict[str, Any]:
        document: dict[str, Any] = self.http.get(f"/api/articles/{article}/receipt").json()
        return document

    def settled(self, article: str) -> dict[str, Any]:
        """The receipt, once there is a page and nobody is open."""

        def done() -> dict[str, Any] | None:
            receipt = self.receipt(article)
            return receipt if receipt["page"] and receipt["state"] in ("none", "complete") else None

        return wait_for(done)

    def tell(self, event: ArticleEvent | ArticleSubmitted | AuditSealed) -> None:
        """Put an event on ingest's stream, as ingest does."""
        with Redis.from_url(redis_url(self.up.data, "ingest")) as redis:
            redis.xadd("articles", to_fields(event))

    def newest(self, path: str) -> Revision:
        """The newest revision of the article at `path`."""
        with Redis.from_url(redis_url(self.up.data, "ingest")) as redis:
            for _, fields in redis.xrevrange("articles"):
                event = from_fields(fields)
                if isinstance(event, ArticleEvent) and event.data.path == path:
                    return event.data
        raise AssertionError(f"nothing is published at {path}")

    def correct(self, path: str) -> None:
        """Correct the article at `path`."""
        newer = later(self.newest(path), change={"kind": "correction", "note": CORRECTION})
        self.tell(ArticleRevised.about(newer, traceparent=new_traceparent()))
        wait_for(lambda: CORRECTION in self.http.get(path).text)

    def withdraw(self, path: str) -> None:
        """Withdraw the article at `path`."""
        newer = withdrawal(self.newest(path))
        self.tell(ArticleWithdrawn.about(newer, traceparent=new_traceparent()))
        wait_for(lambda: "varsel-withdrawn" in self.http.get(path).text)

    def submit(self, path: str) -> str:
        """Let a correction of the article at `path` wait for approval; its preview's path."""
        preview = Preview(revision=later(self.newest(path)), token="c0ffee00" * 4)
        self.tell(
            ArticleSubmitted(
                id=f"{preview.revision.id}.{preview.revision.revision}.article.submitted",
                source="/varsel/ingest",
                subject=preview.revision.id,
                time=datetime.now(UTC),
                traceparent=new_traceparent(),
                data=preview,
            )
        )
        wait_for(lambda: self.http.get(preview.path).status_code == 200)
        return preview.path

    def seal(self, seal: Seal) -> None:
        """Publish a root of the audit trail."""
        self.tell(
            AuditSealed(
                id=f"audit.{seal.day}",
                source="/varsel/ingest",
                subject="audit",
                time=datetime.now(UTC),
                traceparent=new_traceparent(),
                data=seal,
            )
        )
        wait_for(lambda: seal.root in self.http.get("/revisjonsspor/").text)

    def mails(self) -> list[dict[str, Any]]:
        """What is in the inbox, newest first."""
        found: list[dict[str, Any]] = self.http.get(
            "/inbox/api/messages", params={"limit": 1000}
        ).json()["messages"]
        return found

    def mail(self, number: int) -> dict[str, Any]:
        """One mail with its headers and parts."""
        document: dict[str, Any] = self.http.get(f"/inbox/api/messages/{number}").json()
        return document

    def letter(self, email: str, subject: str = "", seen: Collection[int] = ()) -> tuple[str, str]:
        """Of the newest letter with such a subject to this address the path of its link, and its
        code (empty if it has none). `seen` are the numbers of mails that it is not."""
        path = rf"{re.escape(self.up.url)}(/(?:min-side|bli-medlem)/\w+/\S+)"

        def newest() -> tuple[str, str] | None:
            for mail in self.mails():
                if email in mail["to"] and subject in mail["subject"] and mail["id"] not in seen:
                    text = self.mail(mail["id"])["text"]
                    if links := re.findall(path, text):
                        return text, *links
            return None

        text, link = wait_for(newest)
        code = re.search(r"^ +(\d{6})$", text, re.MULTILINE)
        return link, code[1] if code else ""

    def numbers(self) -> list[int]:
        """The numbers of all mails that came until now."""
        return [mail["id"] for mail in self.mails()]

    def log_in(self, email: str) -> str:
        """Log in by a letter; the session's cookie."""
        with httpx.Client(base_url=self.up.url, follow_redirects=True) as browser:
            seen = self.numbers()
            self.send("/min-side/", browser, epost=email)
            answer = self.send(self.letter(email, seen=seen)[0], browser)
            assert email in answer.text
            return browser.cookies[MEMBER_COOKIES.session]

    def send(self, path: str, browser: httpx.Client | None = None, **typed: str) -> httpx.Response:
        """Fill in the form of a page and send it, as a browser (a new one if none is given)."""
        browser = browser or httpx.Client(base_url=self.up.url, follow_redirects=True)
        hidden = dict(
            re.findall(r'name="(skjema|ord)" value="([0-9a-f]+)"', browser.get(path).text)
        )
        return browser.post(path, data=typed | hidden)

    def import_subjects(self, *names: str, **more: object) -> None:
        """What members can choose, as the operator takes it in; `more` is said of each."""
        file = self.up.data / "emner.json"
        subjects = [{"id": name.lower(), "name": name} | more for name in names]
        file.write_text(json.dumps({"subjects": subjects}))
        self.up.json("subjects", "import", str(file))

    def text(self, name: str, path: str) -> str:
        """The page with this name, as whoever may see it gets it."""
        if name == "joining, wrong":
            return self.send(path).text
        base, lang = parted(name)
        cookies = {"Cookie": f"{MEMBER_COOKIES.session}={self.sessions[lang]}"}
        return self.http.get(path, headers=cookies if base in MY_PAGES else {}).text

    def unsubscribe_path(self, email: str) -> str:
        """Where the newest alert to this member leads who wants no more; letters have no such
        link."""
        for mail in (mail for mail in self.mails() if email in mail["to"]):
            for name, value in self.mail(mail["id"])["headers"]:
                if name.lower() == "list-unsubscribe":
                    return self._path(value.strip("<>"))
        raise AssertionError("no alert to this member")

    def _path(self, url: str) -> str:
        assert url.startswith(self.up.url)
        return url.removeprefix(self.up.url)


OWN_MENU = "/om/om-oss/"
_OWN = f"""\
name: {SITE_NAME}
logo: logo.png
accent: "#5a2d82"
accent_2: "#7a3b00"
menu:
  - {{text: Om oss, to: {OWN_MENU}}}
  - {{text: Likepersoner og lokallag, to: /nyheter/}}
footer:
  - {{text: Personvern, to: {OWN_MENU}}}
postal_address: Storgata 1, 0155 Oslo
telephone: "22 00 00 00"
email: post@example.org
organisation_number: "974 760 673"
appeal_title: Sterkere sammen!
appeal: Jo flere vi er, jo sterkere stemme får vi.
"""


def own_look(folder: Path) -> Path:
    """A theme's folder in which the association says all that it can of itself."""
    folder.mkdir()
    (folder / "site.yaml").write_text(_OWN)
    Image.new("RGB", (400, 100), "#5a2d82").save(folder / "logo.png")
    return folder


def member(number: int, lang: Lang = "nb") -> str:
    """The address of a member who has this language."""
    return f"medlem{number}{'' if lang == 'nb' else f'.{lang}'}@example.org"


def parted(name: str) -> tuple[str, Lang]:
    """Of a page in another language, as «my page (nn)», its name in bokmål and the language."""
    base, _, rest = name.partition(" (")
    return base, lang_of(rest.removesuffix(")"))


def filled(world: World) -> dict[str, str]:
    """Publish something of every kind; gives each page's path by its name (see page_names.py)."""
    for lang in LANGS:
        some = ((member(n, lang), f"Kari Eksempel {n}") for n in range(MEMBERS))
        world.import_members(*some, lang=lang)
    world.import_subjects("Eksempelinib", substance="eksempelinib", brands=["Exempla", "Provo"])
    wait_for(lambda: OWN_MENU in world.http.get("/min-side/").text)
    pages = {
        "info": world.publish(news(kind="info", title="Om oss", lead="Vi er en forening.")),
        "alert": world.publish_file(some_articles.DEMO / "sak.md"),
        "every element": world.publish_file(
            some_articles.with_pictures(EVERY_ELEMENT, world.up.data / "a")
        ),
        "alert in nynorsk": world.publish(some_articles.nynorsk()),
        "alert in english": world.publish(some_articles.english()),
        "alert with all": world.publish(some_articles.with_all()),
        "corrected alert": world.publish(alert(title="Et varsel som er rettet")),
        "exercise": world.publish(some_articles.exercise()),
        "withdrawn alert": world.publish(alert(title="Et varsel som er trukket")),
        "withdrawn news": world.publish(news(title="En nyhet som er trukket")),
    }
    for number in range(_MORE_NEWS):
        last = world.post(news(title=f"Møte nummer {number + 1}"))
    world.settled(last["id"])
    for name in ("withdrawn alert", "withdrawn news"):
        world.withdraw(pages[name])
    world.correct(pages["corrected alert"])
    pages["preview"] = world.submit(pages["alert with all"])
    for number in range(3):
        root = hashlib.sha256(str(number).encode()).hexdigest()
        day = date(2026, 9, 1) + timedelta(days=number)
        world.seal(Seal(day=day, entries=10 * number, root=root))
    if REAL_ARTICLE.exists():
        pages["real article"] = world.publish_file(REAL_ARTICLE)
    mail = world.mails()[0]["id"]
    for path in ("/medisin/eksempelinib/", "/sok/?q=Exempla"):
        wait_for(lambda path=path: "Et varsel med alt" in world.http.get(path).text)
    return (
        pages
        | _of_members(world)
        | {
            "front": "/",
            "list": "/nyheter/",
            "numbered list": "/nyheter/side/1/",
            "audit": "/revisjonsspor/",
            "topic": f"/tema/{topic_slug('legemiddelsikkerhet')}/",
            "medicine": "/medisin/eksempelinib/",
            "alerts": "/varsler/",
            "search": "/sok/",
            "found": "/sok/?q=Exempla",
            "found nothing": "/sok/?q=qqxxyyzz",
            "for systems": "/for-fagfolk/",
            "not found": "/nyheter/finnes-ikke/",
            "inbox": "/inbox/",
            "mail": f"/inbox/{mail}",
            "no such mail": "/inbox/987654",
            "unsubscribe": world.unsubscribe_path(member(0)),
            "unsubscribed": world.unsubscribe_path(member(1)),
            "unknown link": "/member/unsubscribe/ukjent",
            "mail itself": f"/inbox/{mail}/html",
        }
    )


def _of_members(world: World) -> dict[str, str]:
    world.import_subjects("Adalimumab", "Tofacitinib", "Leddgikt")
    world.sessions = {lang: world.log_in(member(5, lang)) for lang in LANGS}
    pages = {
        "joining": "/bli-medlem/",
        "joining in nynorsk": "/bli-medlem/?maal=nn",
        "joining in english": "/bli-medlem/?maal=en",
        "joining, wrong": "/bli-medlem/",
        "code": "/bli-medlem/kode/",
        "code to log in": "/min-side/kode/",
        "code to move": "/min-side/adresse/kode/",
        "log in": "/min-side/",
        "dead link": "/min-side/inn/ukjent",
        "no such page of members": "/bli-medlem/finnes-ikke/",
        "my page": "/min-side/",
        "welcome": "/bli-medlem/velkommen/",
        "my name": "/min-side/opplysninger/",
        "my choices": "/min-side/emner/",
        "my address": "/min-side/adresse/",
        "leaving": "/min-side/meld-av/",
        "deleting": "/min-side/slett/",
        "my passkeys": "/min-side/passnokkel/",
    }
    world.send("/min-side/", epost=member(6))
    pages["link of a letter"] = world.letter(member(6), "logge inn")[0]
    pages |= {name: pages[parted(name)[0]] for name in MY_PAGES_ELSEWHERE}
    for lang in ("nn", "en"):
        for name in ("log in", "code", "dead link"):
            pages[f"{name} ({lang})"] = f"{pages[name]}?maal={lang}"
        pages[f"unsubscribe ({lang})"] = world.unsubscribe_path(member(0, lang))
    return pages
