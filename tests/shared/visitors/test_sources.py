"""One source cannot ask without end, and does not keep others from asking."""

import ipaddress

from hypothesis import given
from hypothesis import strategies as st
from redis.asyncio import Redis

from shared.visitors.sources import LIMIT, WINDOW_SECONDS, Sources, network

ADDRESS = "192.0.2.7"


async def test_a_source_may_ask_so_often_and_then_no_more_and_others_may(redis: Redis) -> None:
    sources = Sources(redis, "notify", b"s" * 32)
    assert all([await sources.may_ask(ADDRESS) for _ in range(LIMIT)])
    assert not await sources.may_ask(ADDRESS)
    assert await sources.may_ask("192.0.2.8")
    assert not await Sources(redis, "notify", b"s" * 32).may_ask(ADDRESS), (
        "another process counts anew"
    )


async def test_the_count_goes_and_tells_nobodys_address(redis: Redis) -> None:
    await Sources(redis, "notify", b"s" * 32).may_ask(ADDRESS)
    [key] = [key async for key in redis.scan_iter()]
    assert ADDRESS.encode() not in key
    assert 0 < await redis.ttl(key) <= WINDOW_SECONDS


@given(st.ip_addresses(v=4))
def test_an_ipv4_address_is_a_source_however_it_is_written(address: ipaddress.IPv4Address) -> None:
    assert network(str(address)) == network(f"::ffff:{address}") == str(address)


@given(st.ip_addresses(v=6), st.integers(0, 2**64 - 1))
def test_all_addresses_of_a_household_are_one_source(
    address: ipaddress.IPv6Address, other: int
) -> None:
    if not address.ipv4_mapped:
        neighbour = ipaddress.IPv6Address(int(address) >> 64 << 64 | other)
        if not neighbour.ipv4_mapped:
            assert network(str(neighbour)) == network(str(address))


@given(st.text())
def test_what_is_no_address_is_a_source_too(text: str) -> None:
    assert network(text)
