"""Pure: which cookies of a request a service gets."""

from collections.abc import Collection, Iterable

Headers = list[tuple[bytes, bytes]]


def with_cookies(headers: Iterable[tuple[bytes, bytes]], names: Collection[str]) -> Headers:
    """The headers of an ASGI request, whose cookies are only those with one of these `names`, with
    or without `__Host-` before it."""
    own = {prefix + name.encode() for name in names for prefix in (b"", b"__Host-")}
    kept: Headers = []
    for name, value in headers:
        if name.lower() != b"cookie":
            kept.append((name, value))
        elif cookies := _only(value, own):
            kept.append((name, cookies))
    return kept


def _only(cookies: bytes, own: Collection[bytes]) -> bytes:
    pairs = (pair.strip() for pair in cookies.split(b";"))
    return b"; ".join(pair for pair in pairs if b"=" in pair and pair.partition(b"=")[0] in own)
