"""A form that was sent and could not be taken: all that was typed into it."""

from starlette.requests import Request

from services.ingest.newsroom.desk.sent import sent

_KINDS = ("application/x-www-form-urlencoded", "multipart/form-data")


def is_form(request: Request) -> bool:
    """Whether a page's form was sent, and no script sent it."""
    kind = request.headers.get("content-type", "")
    mode = request.headers.get("sec-fetch-mode", "navigate")
    return mode == "navigate" and (not kind or kind.startswith(_KINDS))


async def typed_in(request: Request) -> list[tuple[str, str]]:
    """The names and values that were sent, to the letter: an empty first line means something.
    Files are left out, which are on the disk still. HTTPException 413 if it is larger than the form
    that articles are written in may be, 400 if it is no form."""
    return list((await sent(request)).pairs)
