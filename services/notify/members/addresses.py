"""Pure: mail addresses. Which ones mail can be sent to, and when two of them are the same."""

import re
from functools import lru_cache

import idna

from shared.languages.say import nb

MAX_ADDRESS = 254
"""Longest address in octets (RFC 5321, section 4.5.3.1.3, less the angle brackets)."""
MAX_LOCAL = 64
"""Longest part before the @ in octets (RFC 5321, section 4.5.3.1.1)."""

_DOT_ATOM = re.compile(r"[a-zA-Z0-9!#$%&'*+/=?^_`{|}~-]+(\.[a-zA-Z0-9!#$%&'*+/=?^_`{|}~-]+)*")
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]")


def parse(text: str) -> str:
    """The address as it goes on the wire: the domain in lower case and as A-labels (RFC 5890).

    ValueError if mail cannot be sent to it, with the reason in Norwegian and without the address.
    """
    if _CONTROL.search(text):
        raise ValueError(nb("adressen har kontrolltegn eller linjeskift; skriv den på nytt"))
    text = text.strip()
    local, at, domain = text.rpartition("@")
    if not at or "@" in local:
        raise ValueError(nb("adressen må ha nøyaktig én @; skriv én adresse, som navn@domene.no"))
    if not local.isascii():
        raise ValueError(
            nb(
                "delen foran @ har andre tegn enn ASCII, og det støttes ikke (SMTPUTF8); rett "
                "den, eller be om en annen adresse"
            )
        )
    if not _DOT_ATOM.fullmatch(local):
        raise ValueError(nb("delen foran @ er tom eller har tegn som ikke kan stå der; rett den"))
    wire = f"{local}@{_wire_domain(domain)}"
    if len(wire) > MAX_ADDRESS or len(local) > MAX_LOCAL:
        raise ValueError(nb("adressen er for lang; rett den"))
    return wire


@lru_cache(maxsize=4096)  # a list has many members and few domains; idna is most of its reading
def _wire_domain(domain: str) -> str:
    try:
        wire = idna.encode(domain, uts46=True).decode().lower()
    except (idna.IDNAError, UnicodeError):
        wire = ""
    top = wire.rpartition(".")[2]
    if "." not in wire or not top or top.isdigit():
        raise ValueError(nb("domenet etter @ er ikke gyldig; det skal se ut som domene.no"))
    return wire


def identity(address: str) -> str:
    """An address, as `parse` gives it, in the one spelling that all its spellings share."""
    local, _, domain = address.rpartition("@")
    return f"{local.casefold()}@{domain}"
