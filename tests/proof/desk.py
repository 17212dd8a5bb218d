"""What people do in the newsroom who have no script: they read a form on a page, fill it in and
press its button. Some press at once. Some leave the page open, and press when all is different."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

import httpx

from services.ingest.audit.entries import Broken, TrailEntry, verify
from services.ingest.audit.trail import Trail
from services.ingest.desk.from_article import from_article
from shared.revision import Change, content_sha256, folded_name
from tests.proof.browser import OpenPage, PageForm
from tests.proof.calls import NOTE, WITHDRAWAL, Call, Calls, text_with
from tests.proof.facts import Content, Known, Who
from tests.proof.looks import READER
from tests.proof.world import Death

EXPERT: Who = ("Fagperson Eksempel", "")
"""Has a link, and no account."""
WISHES = {"pause": "delivery_held", "videre": "delivery_resumed", "avbryt": "delivery_cancelled",
          "igjen": "delivery_tried_again"}  # fmt: skip
"""What is asked of a delivery by the address of its form, and what the audit trail says then."""
_LINK = re.compile(r"/redaksjon/fag/[A-Za-z0-9_-]+/")
PAGES = {"submit": "send-inn", "approve": "godkjenn", "reject": "avvis", "stop": "stopp",
         "withdraw": "trekk"}  # fmt: skip
"""The pages with a form for one step, in the article's pages."""
_PREVIEWS = ("article.submitted", "page.previewed", "mail.previewed")
_OUT = ("article.published", "article.revised", "page.published")
_DELIVERIES = ("delivery.started", "delivery.progressed", "delivery.paused", "delivery.completed")
AT_THE_DESK = (
    *("write", "write", "hand in", "hand in", "begin", "approve", "approve", "reject", "stop"),
    *("correct", "correct", "withdraw", "remark", *WISHES),
)
"""Some of it more often than the rest."""


@dataclass(frozen=True)
class OpenForm:
    """A form that somebody has filled in and not sent."""

    who: Who
    what: str
    article: str
    form: PageForm
    title: str = ""
    """What is typed in it."""
    seen: int = 0
    """The revision that its page showed."""


class AtTheDesk(Calls):
    def __init__(self) -> None:
        super().__init__()
        self.open_forms: list[OpenForm] = []
        self.asked: list[tuple[str, str, str]] = []
        """What somebody was told that they have asked of a delivery: who, what, which."""
        self.remarks: dict[str, str] = {}
        """What experts have said, and of which article."""
        self._done: set[PageForm] = set()
        """Forms that were sent, and answered with yes."""

    # What people do

    async def act(self, who: Who, what: str, article: str, *, leaves: bool, dies: Death) -> None:
        """Read the pages up to the last form; send it, or leave it open."""
        if filled := await self._filled(who, what, article):
            if leaves:
                self.open_forms.append(filled)
            else:
                await self.send_form(filled, dies)

    async def press_what_is_open(self, n: int, *, meanwhile: Who | None, dies: Death) -> None:
        """Send a form that was left open. `meanwhile` somebody hands in another text, if it is not
        None; and the form stays open, to be sent again."""
        if not self.open_forms:
            return
        found = self.open_forms[n % len(self.open_forms)]
        if meanwhile and found.article in self.articles:
            await self.act(meanwhile, "hand in", found.article, leaves=False, dies=None)
            await self.hear(found.article, *_PREVIEWS)  # so that it could be approved unseen
        else:
            self.open_forms.remove(found)
        await self.send_form(found, dies)

    async def send_form(self, filled: OpenForm, dies: Death = None) -> None:
        self.last = None
        article = filled.article
        before = await self._head_if_any(article)
        if filled.what in WISHES:
            self._asks(filled)  # before it is done, as it may be
        answer = await self._press(filled.who, filled.form, dies)
        if answer is not None and answer.status_code == 303:
            await self._follow(filled, answer)
        await self._learn_of(filled, answer, before)

    # Reading the pages

    async def _filled(self, who: Who, what: str, article: str) -> OpenForm | None:
        """The last form of what somebody wants to do, filled in; None if no page has it."""
        if what == "begin":
            return await self._begin(who)
        case = f"/redaksjon/sak/{article}"
        if what in ("write", "hand in"):
            return await self._write(who, article, await self.opens(who, f"{case}/skriv/"), what)
        if what == "correct":
            return await self._correct(who, article)
        if what == "remark":
            return await self._remark(who, article)
        if what in WISHES:
            return await self._ask(who, what, article)
        ending = f"{PAGES[what]}/"
        if what == "approve":  # else nobody could, until the machine happens on the events
            await self.hear(article, *_PREVIEWS)
        shown = await self.opens(who, f"{case}/{ending}")
        if what == "approve":
            self._sees_the_remarks(shown, article)
        form = shown.form(ending)
        if form is None:
            return None
        if what == "withdraw":
            words = form.filled(hvorfor=WITHDRAWAL.note).pressed("steg", "se")
            form = (await self.leads_to(who, words)).form(ending)
            assert form, "no question before it is withdrawn"
            form = form.pressed("steg", "trekk")
        elif what == "reject":
            form = form.filled(hvorfor=WITHDRAWAL.note)
        return OpenForm(who, what, article, form, seen=_revision(form))

    async def _begin(self, who: Who) -> OpenForm | None:
        """A new alert, all of it typed in, up to the page on which it is handed in."""
        if len(self.articles) > 1:
            return None
        chosen = (await self.opens(who, "/redaksjon/ny/")).form("ny/")
        assert chosen
        page = await self.leads_to(who, chosen.filled(hva="varsel"))
        article = page.path.split("/")[3]
        title = self.title("")
        typed = dict(_flat(from_article(text_with(title))))
        form = page.form("skriv/")
        assert form
        while missing := [name for name in typed if name not in form.names]:
            more = form.pressed("knapp", f"ny:{_list_of(missing[0])}")
            form = (await self.leads_to(who, more)).form("skriv/")
            assert form
        whole = form.filled_in(typed).pressed("knapp", "send-inn")
        handing_in = (await self.leads_to(who, whole)).form("send-inn/")
        assert handing_in, "a whole alert cannot be handed in"
        return OpenForm(who, "hand in", article, handing_in, title)

    async def _write(self, who: Who, article: str, page: OpenPage, what: str) -> OpenForm | None:
        page = await self._choose_first(who, article, page)
        form = page.form("skriv/")
        assert form, f"nothing to write in: {page.path} {page.status}"
        title = self.title(article)
        typed = {"title": title}
        if "change.kind" in form.names and not form.value("change.kind"):
            typed |= {"change.kind": "correction", "change.note": NOTE}
        form = form.filled_in(typed)
        if what == "write":
            return OpenForm(who, what, article, form.pressed("knapp", "lagre"), title)
        await self.send_form(OpenForm(who, "write", article, form.pressed("knapp", "lagre"), title))
        handing_in = (await self.opens(who, f"/redaksjon/sak/{article}/send-inn/")).form(
            "send-inn/"
        )
        return OpenForm(who, what, article, handing_in) if handing_in else None

    async def _choose_first(self, who: Who, article: str, page: OpenPage) -> OpenPage:
        """If a page says that there is another text, choose between the two."""
        for link in page.links:
            if "/velg/?tekst=" in link:
                page = await self.opens(who, link)
                if page.form("velg/"):
                    await self._choose(who, page)
                page = await self.opens(who, f"/redaksjon/sak/{article}/skriv/")
                break
        return page

    async def _choose(self, who: Who, page: OpenPage) -> None:
        """Their own text where both differ, else the other's."""
        form = page.form("velg/")
        assert form
        names = [name for name in form.names if name.startswith("valg:")]
        await self.leads_to(who, form.filled_in(dict.fromkeys(names, "mine")))

    async def _correct(self, who: Who, article: str) -> OpenForm | None:
        form = (await self.opens(who, f"/redaksjon/sak/{article}/rett/")).form("rett/")
        if form is None:
            return None
        words = form.filled(slag="correction", hva=NOTE).pressed("steg", "se")
        confirmed = (await self.leads_to(who, words)).form("rett/")
        assert confirmed, "no way on from the words of a correction"
        page = await self.leads_to(who, confirmed.pressed("steg", "skriv"))
        return await self._write(who, article, page, "hand in")

    async def _remark(self, who: Who, article: str) -> OpenForm | None:
        """A link for an expert, and the expert's words."""
        form = (await self.opens(who, f"/redaksjon/sak/{article}/fag/")).form("fag/")
        assert form
        page = await self.leads_to(who, form)
        link = _LINK.search(page.html)
        if link is None:  # there are too many that work
            return None
        path = link[0]
        remark = (await self.opens(EXPERT, path)).form("#merknader")
        assert remark
        said = f"Merknad nummer {len(self.remarks) + len(self.open_forms) + self.titles}."
        filled = replace(remark.filled(merknad=said, navn=EXPERT[0], lest="ja"), action=path)
        return OpenForm(EXPERT, "remark", article, filled, said)

    async def _ask(self, who: Who, what: str, article: str) -> OpenForm | None:
        await self.hear(article, *_OUT, *_DELIVERIES)
        page = "avbryt/" if what == "avbryt" else ""
        shown = await self.opens(who, f"/redaksjon/sak/{article}/kvittering/{page}")
        form = shown.form(f"kvittering/{what}")
        return OpenForm(who, what, article, form) if form else None

    # What has come of it

    def _asks(self, filled: OpenForm) -> None:
        if filled.what == "avbryt":
            self.ended.add(filled.form.value("utsending"))

    async def _follow(self, filled: OpenForm, answer: httpx.Response) -> None:
        """Where a form leads; a text that others have changed meanwhile is chosen again."""
        page = await self.opens(filled.who, answer.headers["location"])
        if filled.what == "write" and page.form("velg/"):
            await self._choose(filled.who, page)

    async def _learn_of(
        self, filled: OpenForm, answer: httpx.Response | None, before: dict[str, Any] | None
    ) -> None:
        done = answer is None or answer.status_code == 303
        is_answered = answer is not None and answer.status_code == 303
        assert answer is None or answer.status_code < 500, answer.text
        who, what, article = filled.who, filled.what, filled.article
        head = await self._head_if_any(article)
        if head is None:
            return
        known = self.articles.setdefault(article, Known(article, typists={who}))
        if what == "write" and await self._is_there(article, filled.title):
            known.typists.add(who)
        elif what == "remark" and is_answered:
            self.remarks[filled.title] = article
        elif what in WISHES and is_answered and filled.form not in self._done:
            self.asked.append((who[0], WISHES[what], filled.form.value("utsending")))
        await self._learn_of_revision(known, before, head)
        # The same form acts once: what it did may have been undone since.
        step = "" if what == "approve" and filled.form in self._done else what
        await self.learn(known, Call(who, step, article, seen=filled.seen), before, done=done)
        if is_answered:
            self._done.add(filled.form)

    async def _learn_of_revision(
        self, known: Known, before: dict[str, Any] | None, head: dict[str, Any]
    ) -> None:
        """A new revision has just what somebody typed, and a change that somebody told of."""
        number, was = head["revision"], before["revision"] if before else 0
        if number == was:
            return
        [shown] = [
            one for one in (await self.get(f"/{known.id}/revisions"))["revisions"]
            if one["revision"] == number
        ]  # fmt: skip
        text = text_with(head["article"]["title"])
        changes = [None, *(Change(kind=kind, note=NOTE) for kind in ("edit", "correction"))]
        found = [one for one in changes if content_sha256(text, {}, one) == shown["sha256"]]
        if found:  # a withdrawal is learnt by its step
            known.saves(number, Content(text, found[0]), *known.typists)
            known.typists = set()

    async def _is_there(self, article: str, title: str) -> bool:
        """Whether what is being written has this title, as others see it."""
        form = (await self.opens(READER, f"/redaksjon/sak/{article}/skriv/")).form("skriv/")
        return form is not None and form.value("title") == title

    def _sees_the_remarks(self, page: OpenPage, article: str) -> None:
        missing = [
            said for said, of in self.remarks.items() if of == article and said not in page.html
        ]
        assert not missing, f"who approves does not see {missing}"

    async def the_trail_tells(self) -> None:
        """What was asked of deliveries stands in the audit trail, with who; and the trail holds."""
        trail = Trail(self.world.redis)
        lines = [line async for line in trail.read()]
        assert not isinstance(found := verify(lines), Broken), found
        told = {
            (folded_name(one.actor), one.what, one.detail.get("delivery"))
            for one in map(TrailEntry.of, lines)
        }
        missing = [one for one in self.asked if (folded_name(one[0]), *one[1:]) not in told]
        assert not missing, f"the trail does not tell of {missing}"

    async def hear(self, article: str, *types: str) -> None:
        """Events of these types about the article are handled, and those that come of them, so that
        the newsroom shows what is so: it is at most some seconds behind."""
        heard: set[str] = set()
        while True:
            of = [
                (place, raw)
                for place in await self.world.fetch()
                for raw in self.world.waiting[place]
                if raw[1][b"subject"].decode() == article and raw[1][b"type"].decode() in types
            ]
            new = [(place, raw) for place, raw in of if f"{place} {raw[0]}" not in heard]
            if not new:
                return
            for place, raw in new:
                heard.add(f"{place} {raw[0]}")
                await self.world.handle(place, raw)

    # A browser

    async def opens(self, who: Who, path: str) -> OpenPage:
        """The page at this address, or the one that it leads to."""
        answer = await self.world.visit(who, "GET", path)
        assert answer is not None
        if answer.status_code == 303:
            return await self.opens(who, answer.headers["location"])
        assert answer.status_code < 500, answer.text
        return OpenPage.of(path.partition("#")[0], answer.status_code, answer.text)

    async def leads_to(self, who: Who, form: PageForm) -> OpenPage:
        """The page that the form leads to."""
        answer = await self._press(who, form)
        assert answer is not None
        if answer.status_code == 303:
            return await self.opens(who, answer.headers["location"])
        assert answer.status_code < 500, answer.text
        return OpenPage.of(form.action, answer.status_code, answer.text)

    async def _press(self, who: Who, form: PageForm, dies: Death = None) -> httpx.Response | None:
        fields: dict[str, list[str]] = {}
        for name, value in form.fields:
            fields.setdefault(name, []).append(value)
        headers = {"Sec-Fetch-Site": "same-origin"}
        return await self.world.visit(
            who, "POST", form.action, dies=dies, data=fields, headers=headers
        )

    async def _head_if_any(self, article: str) -> dict[str, Any] | None:
        """None of what was never handed in."""
        answer = await self.world.ask(READER, "GET", f"/{article}")
        assert answer is not None
        return await self.head(article) if answer.status_code == 200 else None


def _revision(form: PageForm) -> int:
    """The revision that the form's page showed; 0 if it does not say."""
    return int(form.value("utgave").strip('"').partition("-")[0] or 0)


def _list_of(name: str) -> str:
    """The list to which a row is added for a field with this name: that of its last number."""
    parts = name.split(".")
    last = max(place for place, part in enumerate(parts) if part.isdigit())
    return ".".join(parts[:last])


def _flat(fields: Any, path: str = "") -> Iterator[tuple[str, str]]:
    """The names and values of a form in which all of this is typed."""
    if isinstance(fields, str):
        if fields:
            yield path, fields
        return
    inner = fields.items() if isinstance(fields, dict) else enumerate(fields)
    for name, value in inner:
        yield from _flat(value, f"{path}.{name}" if path else str(name))
