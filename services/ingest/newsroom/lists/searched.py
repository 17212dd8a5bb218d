"""What somebody has typed into the search of the list. Pure."""

from urllib.parse import unquote, urlsplit

from shared.old_address import old_path


def address_parts(typed: str) -> list[str]:
    """The parts of the path if an address was pasted, as of a page of the site: with or without
    the host. Empty if these are words."""
    first, stroke, _ = typed.partition("/")
    is_address = stroke and (not first or "." in first or typed.startswith(("http:", "https:")))
    if not is_address or typed.split() != [typed]:
        return []
    try:
        path = urlsplit(typed if "//" in typed or not first else f"//{typed}").path
    except ValueError:
        return []
    return [unquote(part) for part in path.split("/") if part]


def path_of_old(parts: list[str]) -> str | None:
    """The path of an article on a site that it was moved from; none if it can be none."""
    try:
        return old_path("/" + "/".join(parts))
    except ValueError:
        return None
