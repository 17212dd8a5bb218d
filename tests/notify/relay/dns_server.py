"""A real DNS server on loopback, with the TXT records that a test gives it; and a resolver that
asks it and nobody else."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import dns.asyncresolver
import dns.flags
import dns.message
import dns.rcode
import dns.rdataclass
import dns.rdatatype
import dns.rrset


class Zone(asyncio.DatagramProtocol):
    """Answers questions for TXT; `records` has the texts of each name."""

    def __init__(self) -> None:
        self.records: dict[str, list[str]] = {}
        self.fails = False
        """While set, every answer is that the server has failed."""
        self.asked: list[str] = []
        self._transport: asyncio.DatagramTransport | None = None

    def connection_made(self, transport: asyncio.DatagramTransport) -> None:  # type: ignore[override]
        self._transport = transport

    def datagram_received(self, data: bytes, address: tuple[str, int]) -> None:
        query = dns.message.from_wire(data)
        [question] = query.question
        name = question.name.to_text(omit_final_dot=True)
        self.asked.append(name)
        answer = dns.message.make_response(query)
        answer.flags |= dns.flags.RA
        texts = self.records.get(name)
        if self.fails:
            answer.set_rcode(dns.rcode.SERVFAIL)
        elif texts is None:
            answer.set_rcode(dns.rcode.NXDOMAIN)
        elif texts:
            found = [" ".join(f'"{text[n : n + 200]}"' for n in range(0, len(text), 200))
                     for text in texts]  # fmt: skip
            answer.answer.append(
                dns.rrset.from_text_list(question.name, 60, dns.rdataclass.IN, "TXT", found)
            )
        assert self._transport
        self._transport.sendto(answer.to_wire(), address)


@asynccontextmanager
async def zone() -> AsyncIterator[Zone]:
    """The server; whoever asks DNS in this process asks it, meanwhile."""
    loop = asyncio.get_running_loop()
    transport, served = await loop.create_datagram_endpoint(Zone, ("127.0.0.1", 0))
    resolver = dns.asyncresolver.Resolver(configure=False)
    resolver.nameservers = ["127.0.0.1"]
    resolver.port = transport.get_extra_info("sockname")[1]
    before = dns.asyncresolver.default_resolver
    dns.asyncresolver.default_resolver = resolver
    try:
        yield served
    finally:
        dns.asyncresolver.default_resolver = before
        transport.close()
