"""Which DNS records say that our mail is ours: SPF (RFC 7208), DKIM (RFC 6376), DMARC (RFC 9989).

What records there are is asked of DNS; what follows from them is pure.
"""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Literal

import dns.asyncresolver
import dns.exception
import dns.resolver

RecordState = Literal["there", "missing", "wrong", "unknown"]
ReadsTxt = Callable[[str], Awaitable[list[str] | None]]
"""From a name to its TXT records; none if nobody could be asked."""
_DNS_SECONDS = 8.0


@dataclass(frozen=True)
class PublicKey:
    """A key that mail is signed with, as it is to be found in DNS."""

    selector: str
    record: str
    """The whole text of the record."""


@dataclass(frozen=True)
class SenderRecord:
    """A record that a sender should have, and whether it is there."""

    kind: Literal["spf", "dkim", "dmarc"]
    name: str
    """Where it is, or should be."""
    state: RecordState
    """`unknown`: DNS does not answer; or, of DKIM, only the relay knows where its key is."""
    found: str = ""
    wanted: str = ""
    """What to put there, if that is known."""


async def texts_of(name: str) -> list[str] | None:
    """The TXT records of `name`, by this machine's resolver; none if that cannot be asked."""
    try:
        resolver = dns.asyncresolver.get_default_resolver()
        answer = await resolver.resolve(name, "TXT", lifetime=_DNS_SECONDS)
    except (dns.resolver.NXDOMAIN, dns.resolver.NoAnswer):
        return []
    except (dns.exception.DNSException, OSError):
        return None
    return [b"".join(one.strings).decode(errors="replace") for one in answer]


async def sender_records(
    domain: str, return_domain: str, keys: Sequence[PublicKey], texts: ReadsTxt = texts_of
) -> list[SenderRecord]:
    """The records of a sender at `domain`, whose deliveries come back to an address at
    `return_domain`, and whose mail is signed with `keys`; if those are none, the relay must sign.

    SPF is of the domain that a mail comes back to. Letters come back to the sender, so both need
    it, if they are two.
    """
    found = [spf(name, await texts(name)) for name in dict.fromkeys((return_domain, domain))]
    for key in keys:
        name = f"{key.selector}._domainkey.{domain}"
        found.append(dkim(name, key, await texts(name)))
    if not keys:
        found.append(SenderRecord("dkim", f"_domainkey.{domain}", "unknown"))
    found.append(await _dmarc_of(domain, texts))
    return found


def spf(name: str, records: list[str] | None) -> SenderRecord:
    """Which mail servers may send for this domain."""
    if records is None:
        return SenderRecord("spf", name, "unknown")
    mine = [text for text in records if text.lower() == "v=spf1" or text[:7].lower() == "v=spf1 "]
    if not mine:
        return SenderRecord("spf", name, "missing")
    allows_all = {"all", "+all"} & {word.lower() for word in mine[0].split()}
    wrong = len(mine) > 1 or allows_all
    return SenderRecord("spf", name, "wrong" if wrong else "there", " | ".join(mine))


def dkim(name: str, key: PublicKey, records: list[str] | None) -> SenderRecord:
    """The public key for what we sign."""
    if records is None:
        return SenderRecord("dkim", name, "unknown", wanted=key.record)
    published = [_tags(text).get("p", "") for text in records if "p" in _tags(text)]
    if not published:
        return SenderRecord("dkim", name, "missing", wanted=key.record)
    right = published == [_tags(key.record)["p"]]
    return SenderRecord("dkim", name, "there" if right else "wrong", records[0], key.record)


async def _dmarc_of(domain: str, texts: ReadsTxt) -> SenderRecord:
    """What others are to do with mail that is not ours: the domain's own word, or that of one above
    it."""
    labels = domain.split(".")
    for place in range(max(len(labels) - 1, 1)):
        name = "_dmarc." + ".".join(labels[place:])
        found = dmarc(name, await texts(name))
        if found.state != "missing":
            return found
    return SenderRecord("dmarc", f"_dmarc.{domain}", "missing", wanted="v=DMARC1; p=none")


def dmarc(name: str, records: list[str] | None) -> SenderRecord:
    """A record of DMARC, at one name."""
    if records is None:
        return SenderRecord("dmarc", name, "unknown")
    mine = [text for text in records if _tags(text).get("v") == "DMARC1"]
    if not mine:
        return SenderRecord("dmarc", name, "missing")
    known = _tags(mine[0]).get("p", "none") in ("none", "quarantine", "reject")
    wrong = len(mine) > 1 or not known
    return SenderRecord("dmarc", name, "wrong" if wrong else "there", " | ".join(mine))


def _tags(text: str) -> dict[str, str]:
    """The tags of a record, as `v=DKIM1; k=rsa; p=…`, without white space."""
    pairs = (part.partition("=") for part in text.split(";"))
    return {name.strip().lower(): "".join(value.split()) for name, _, value in pairs}
