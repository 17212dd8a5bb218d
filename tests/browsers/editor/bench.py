"""A page with the editor on it, served as the newsroom serves its own."""

import html
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Page, Route

from services.ingest.newsroom.look import HEADERS, STATIC

ADDRESS = "https://editor.example.org"
_HERE = Path(__file__).parent
_TYPES = {".js": "text/javascript", ".css": "text/css"}
_PAGE = """<!doctype html>
<html lang="nb">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>Skriv</title>
<link rel="stylesheet" href="/redaksjon.css">
<link rel="stylesheet" href="/editor.css">
<script type="module" src="/editor.js"></script>
</head>
<body>
<main class="page">
<h1>Skriv saken</h1>
<form method="post" action="/lagret">
<input type="hidden" name="skjema" value="tegn">
<div class="field">
<label for="body">Teksten</label>
<p class="hint" id="body-hjelp">Alt som står under ingressen.</p>
<textarea class="input" id="body" name="body" rows="14" aria-describedby="body-hjelp" data-editor
 data-pictures="/bilder" data-docx="/lim-inn/docx" data-assets="/bilder/">
{body}</textarea>
</div>
<button class="main">Lagre</button>
</form>
</main>
</body>
</html>
"""


class Bench:
    """The page, and what it asked the server for."""

    def __init__(self, browser: Browser, **options: Any) -> None:
        self.context = browser.new_context(locale="nb-NO", **options)
        self.page: Page = self.context.new_page()
        self.problems: list[str] = []
        """What the page complained of: errors, and what its policy refused."""
        self.sent: list[str] = []
        self.answers: dict[str, str] = {}
        """What the server answers, as JSON by path."""
        self.held: set[str] = set()
        """Files that do not come."""
        self._body = ""
        self.page.on("pageerror", lambda error: self.problems.append(str(error)))
        self.page.on("console", self._note)
        self.page.route(f"{ADDRESS}/**", self._serve)

    def open(self, body: str = "") -> Page:
        """The page with `body` in its text area, and the editor on it."""
        self.load(body)
        self.page.wait_for_selector(".editor-text")
        return self.page

    def load(self, body: str = "") -> None:
        """The page, without waiting for the editor."""
        self._body = body
        self.page.goto(f"{ADDRESS}/", wait_until="commit")

    def parts(self) -> Page:
        """The page with the editor's parts as `bench`, and a visual editor as `visual`."""
        self.load()
        self.page.evaluate(
            """async () => {
                window.bench = await import("/bench.js");
                const { makeVisual } = await import("/editor.js");
                document.body.append(document.createElement("div"));
                window.visual = await makeVisual(document.body.lastChild);
            }"""
        )
        return self.page

    @property
    def body(self) -> str:
        """What the text area holds, and the form would send."""
        return self.page.eval_on_selector("#body", "area => area.value")  # type: ignore[no-any-return]

    def close(self) -> None:
        self.context.close()

    def _note(self, message: Any) -> None:
        if message.type == "error" and "404" not in message.text:
            self.problems.append(message.text)

    def _serve(self, route: Route) -> None:
        path = route.request.url.removeprefix(ADDRESS)
        name = path.removeprefix("/")
        if name in self.held:
            return
        if route.request.method == "POST":
            self.sent.append(path)
            answer = self.answers.get(path)
            route.fulfill(
                body=answer or "{}", status=200 if answer else 422, content_type="application/json"
            )
            return
        file = next((one for one in (STATIC / name, _HERE / name) if name and one.is_file()), None)
        if file:
            route.fulfill(body=file.read_bytes(), headers={"Content-Type": _TYPES[file.suffix]})
        elif path in self.answers:
            route.fulfill(body=self.answers[path], content_type="application/json")
        elif path == "/":
            page = _PAGE.replace("{body}", html.escape(self._body))
            route.fulfill(body=page, headers={"Content-Type": "text/html", **HEADERS})
        else:
            route.fulfill(status=404, body="")
