"""A page's forms as somebody reads them who has no script: what stands in them, and the buttons."""

from dataclasses import dataclass, field, replace
from html.parser import HTMLParser

Pairs = tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class PageForm:
    """A form of a page, as it is and as somebody fills it in."""

    action: str
    """Where it is sent; empty: to its page."""
    fields: Pairs
    """What stands in it, in its order."""
    names: frozenset[str]
    """Of the fields that somebody can fill in, also those in which nothing is chosen."""
    buttons: Pairs
    """The names and values of its buttons; a button without a name has an empty one."""

    def value(self, name: str) -> str:
        """What stands in the field; empty if there is no such field."""
        return dict(self.fields).get(name, "")

    def filled(self, **typed: str) -> "PageForm":
        """The form with this in its fields. AssertionError if it has no such field."""
        return self.filled_in(typed)

    def filled_in(self, typed: dict[str, str]) -> "PageForm":
        """The same, of fields whose names have dots."""
        assert typed.keys() <= self.names, f"no field for {typed.keys() - self.names}"
        rest = tuple(pair for pair in self.fields if pair[0] not in typed)
        return replace(self, fields=(*rest, *typed.items()))

    def pressed(self, name: str, value: str) -> "PageForm":
        """The form as it is sent by one of its buttons. AssertionError if it has none such."""
        assert (name, value) in self.buttons, f"no button {name}={value}"
        return replace(self, fields=(*self.fields, (name, value)))


@dataclass
class _Reading:
    action: str
    fields: list[tuple[str, str]] = field(default_factory=list)
    names: set[str] = field(default_factory=set)
    buttons: list[tuple[str, str]] = field(default_factory=list)


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.forms: list[_Reading] = []
        self.links: list[str] = []
        self._form: _Reading | None = None
        self._area: tuple[str, list[str]] | None = None
        self._select = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        at = {name: value or "" for name, value in attrs}
        if tag == "a":
            self.links.append(at.get("href", ""))
        if tag == "form":
            self._form = _Reading(at.get("action", ""))
            self.forms.append(self._form)
        if self._form is None:
            return
        name, kind, value = at.get("name", ""), at.get("type", ""), at.get("value", "")
        if tag == "button" and "formaction" not in at:
            self._form.buttons.append((name, value))
        elif tag == "textarea":
            self._area = (name, [])
        elif tag == "select":
            self._select = name
            self._form.names.add(name)
        elif tag == "option" and "selected" in at:
            self._form.fields.append((self._select, value))
        elif tag == "input" and name and kind != "file":
            self._form.names.add(name)
            if kind not in ("radio", "checkbox") or "checked" in at:
                self._form.fields.append((name, value))

    def handle_data(self, data: str) -> None:
        if self._area:
            self._area[1].append(data)

    def handle_endtag(self, tag: str) -> None:
        if tag == "textarea" and self._area and self._form:
            name, said = self._area
            # The first line end after the tag is none of the text.
            self._form.fields.append((name, "".join(said).removeprefix("\n")))
            self._form.names.add(name)
            self._area = None
        elif tag == "form":
            self._form = None


@dataclass(frozen=True)
class OpenPage:
    """A page as it was when it came."""

    path: str
    """Its address, without the host."""
    status: int
    html: str
    forms: tuple[PageForm, ...]
    links: tuple[str, ...]

    @classmethod
    def of(cls, path: str, status: int, html: str) -> "OpenPage":
        reader = _Reader()
        reader.feed(html)
        forms = tuple(
            PageForm(
                one.action or path, tuple(one.fields), frozenset(one.names), tuple(one.buttons)
            )
            for one in reader.forms
        )
        return cls(path, status, html, forms, tuple(reader.links))

    def form(self, ending: str) -> PageForm | None:
        """The form that is sent to an address with this ending; None if there is none."""
        return next((one for one in self.forms if one.action.endswith(ending)), None)
