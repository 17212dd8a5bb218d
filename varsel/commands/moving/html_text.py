"""The HTML of an old site's article, as the Markdown that articles are written in.

On top of what a Word document has (services/ingest/word): bold and italic, quotations, rules and
pictures. What is left out is told.
"""

import re
from urllib.parse import urljoin

from services.ingest.word.from_html import DocumentReading
from services.ingest.word.writing import NOTE

_COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)
_CAPTION = re.compile(r"\[caption[^\]]*\](.*?)\[/caption\]", re.DOTALL)
_IMAGE = re.compile(r"<(?:a[^>]*><)?img[^>]*>(?:</a>)?", re.DOTALL)
_EMBED = re.compile(r"\[embed[^\]]*\]\s*(\S+?)\s*\[/embed\]")
_SHORTCODE = re.compile(r"\[/?([a-z][a-z0-9_-]{2,30})(?:\s[^\]\n]*)?\](?!\()")
_BLOCK = re.compile(
    r"</?(?:p|h[1-6]|ul|ol|li|table|thead|tbody|tr|blockquote|figure|div|hr|pre|section)\b", re.I
)
_MARKS = {"strong": "**", "b": "**", "em": "*", "i": "*"}
_CODE = ("script", "style")
_SILENT = (*_CODE, "noscript", "form")
_SHOWN_LETTERS = 80
"""Of what is left out, in the note about it."""


def markdown_and_notes(html: str, site: str) -> tuple[str, list[str]]:
    """The Markdown of an article that stood on `site`, and what of it is not taken along."""
    made = _COMMENT.sub("", _CAPTION.sub(_figure, _EMBED.sub(r'<a href="\1">\1</a>', html)))
    left = sorted({one[1] for one in _SHORTCODE.finditer(made)})
    notes = [f"kortkoden [{one}] er ikke med; se over saken" for one in left]
    made = _SHORTCODE.sub("", made)
    reading = _OldPage(made if "<!-- wp:" in html else _paragraphs(made), site)
    blocks = "\n\n".join(block for block in reading.finish() if block)
    return blocks, [*notes, *reading.notes]


def _figure(found: re.Match[str]) -> str:
    image = _IMAGE.search(found[1])
    words = _IMAGE.sub("", found[1]).strip()
    return f"<figure>{image[0]}<figcaption>{words}</figcaption></figure>" if image else words


def _paragraphs(html: str) -> str:
    """As WordPress does when it shows a text that has line breaks in place of paragraphs."""
    chunks = re.split(r"\n\s*\n", html.replace("\r\n", "\n"))
    return "\n".join(
        chunk if _BLOCK.match(chunk.strip()) else f"<p>{chunk.strip().replace(chr(10), '<br>')}</p>"
        for chunk in chunks
        if chunk.strip()
    )


class _OldPage(DocumentReading):
    def __init__(self, html: str, site: str) -> None:
        self.notes: list[str] = []
        self._site = site
        self._silent = ""
        self._unsaid: list[str] = []
        self._marked: list[tuple[str, int]] = []
        self._quotes: list[int] = []
        self._images: list[tuple[int, str, str]] = []
        self._in_caption = False
        super().__init__(html)

    def finish(self) -> list[str]:
        if self._silent:
            self._tell_unsaid(is_open=True)
        return super().finish()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        said = {name: value or "" for name, value in attrs}
        if tag in _SILENT:
            self._silent = self._silent or tag
        elif tag in _MARKS:
            self._marked.append((tag, len(self._text)))
        elif tag == "blockquote" and not self._lists and self._table is None:
            self._end()
            self._quotes.append(len(self._blocks))
        elif tag == "hr" and not self._lists and self._table is None:
            self._end()
            self._blocks.append("---")
        elif tag == "img":
            self._picture(said)
        elif tag == "figcaption":
            self._end()
            self._in_caption = True
        elif tag in ("iframe", "video", "audio", "source") and said.get("src"):
            self._end()
            address = urljoin(self._site, said["src"])
            self._text.append((address, address))
            self._end()
        elif tag == "div":
            self._end()
        else:
            if tag == "a" and said.get("href"):
                attrs = [("href", urljoin(self._site, said["href"]))]
            super().handle_starttag(tag, attrs)

    def handle_endtag(self, tag: str) -> None:
        if tag in _SILENT:
            if tag == self._silent:
                self._tell_unsaid(is_open=False)
        elif tag in _MARKS:
            self._mark(tag)
        elif tag == "blockquote" and self._quotes:
            self._end()
            first = self._quotes.pop()
            inside, self._blocks[first:] = self._blocks[first:], []
            lines = "\n\n".join(inside).split("\n")
            self._blocks.append("\n".join(f"> {line}".rstrip() for line in lines))
        elif tag == "figcaption" and self._in_caption:
            self._in_caption = False
            words = " ".join("".join(words for words, _ in self._text).split())
            self._text = []
            self._caption(words)
        elif tag == "div":
            self._end()
        else:
            super().handle_endtag(tag)

    def handle_data(self, data: str) -> None:
        if self._silent:
            self._unsaid.append(data)
        else:
            super().handle_data(data)

    def _tell_unsaid(self, *, is_open: bool) -> None:
        """The silent tag ends, by its own end or by that of the article. Code is no loss, unless
        what follows was taken for it."""
        words = " ".join(" ".join(self._unsaid).split())
        tag, self._silent, self._unsaid = self._silent, "", []
        if not words or (tag in _CODE and not is_open):
            return
        shown = words if len(words) <= _SHOWN_LETTERS else f"{words[:_SHOWN_LETTERS]} …"
        what = f"<{tag}> er ikke lukket, og resten" if is_open else f"det som står i <{tag}>,"
        self.notes.append(f"{what} er ikke med: «{shown}»; se over saken")

    def _mark(self, tag: str) -> None:
        """What stands since the tag began is bold or italic, if it is in one text."""
        while self._marked:
            began, at = self._marked.pop()
            if began != tag:
                continue
            inside = self._text[at:]
            words = "".join(one for one, _ in inside)
            if at <= len(self._text) and words.strip() and "\n" not in words:
                before = words[: len(words) - len(words.lstrip())]
                after = words[len(words.rstrip()) :]
                first, last = inside[0], inside[-1]
                if len(inside) == 1:
                    inside = [(words.strip(), first[1])]
                else:
                    inside[0] = (first[0].lstrip(), first[1])
                    inside[-1] = (last[0].rstrip(), last[1])
                mark = (_MARKS[tag], NOTE)
                self._text[at:] = [(before, ""), mark, *inside, mark, (after, "")]
            return

    def _picture(self, said: dict[str, str]) -> None:
        if not said.get("src"):
            return
        self._end()
        alt = " ".join(said.get("alt", "").replace("[", "(").replace("]", ")").split())
        address = urljoin(self._site, said["src"]).replace(" ", "%20")
        if self._silent == "noscript" and any(one == address for _, _, one in self._images):
            return  # the same again, for those without script
        self._images.append((len(self._blocks), alt, address))
        self._blocks.append(f"![{alt}]({address})")

    def _caption(self, words: str) -> None:
        if not words:
            return
        if self._images and self._images[-1][0] == len(self._blocks) - 1:
            at, alt, address = self._images[-1]
            said = words.replace('"', "”").replace("\\", "")
            self._blocks[at] = f'![{alt}]({address} "{said}")'
        else:
            self._text.append((words, ""))
            self._end()
