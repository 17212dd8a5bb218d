"""A post goes to the address that was checked, and to none inside, also if DNS changes."""

import ipaddress
from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.notify.posting.http import Sender
from services.notify.posting.pinned import LeadsInside, may_go_to, pinned
from services.notify.posting.plan import Follower as Planned
from services.notify.posting.plan import PlannedPost
from tests.notify.posting.follower import SECRET, Follower

HERE = ipaddress.ip_network("127.0.0.1/32")
POST = PlannedPost(
    id="a-1-page-published-x",
    follower="x",
    host="follower.example.org",
    content_type="application/json",
    body="{}",
    article="a",
    revision=1,
    traceparent="00-" + "1" * 32 + "-" + "2" * 16 + "-01",
    planned_at=0,
)


class Dns:
    """Answers each question with the next of its answers, and the last one for good."""

    def __init__(self, *answers: list[str]) -> None:
        self.answers = list(answers)
        self.asked = 0

    async def __call__(self, host: str, port: int) -> Sequence[str]:
        self.asked += 1
        return self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]


def named(follower: Follower) -> Planned:
    """The follower by a name, as DNS has it."""
    return Planned(follower.url.replace("127.0.0.1", "follower.example.org"), secrets=(SECRET,))


async def test_dns_that_changes_its_answer_after_the_check_changes_nothing(
    follower: Follower,
) -> None:
    dns = Dns(["127.0.0.1"], ["127.0.0.66"])
    sender = Sender("https://varsel.example.org", allowed=[HERE], lookup=dns)
    answer = await sender.send(POST, named(follower))
    assert (answer.status, dns.asked) == (204, 1), "looked up once, and that is where it went"
    [call] = follower.calls
    assert call.headers["host"].startswith("follower.example.org:"), "it is asked by its name"
    # The next attempt looks anew, and a name that leads inside by then gets nothing.
    answer = await sender.send(POST, named(follower))
    assert (answer.status, answer.error) == (None, "LeadsInside")
    assert len(follower.calls) == 1
    await sender.close()


INSIDE = [
    "127.0.0.1", "10.1.2.3", "172.16.0.9", "192.168.1.1", "169.254.169.254", "100.64.0.1",
    "0.0.0.0", "224.0.0.1", "255.255.255.255", "::1", "::", "fe80::1", "fd00::1", "ff02::1",
    "fec0::1", "::7f00:1", "64:ff9b:1::1", "::ffff:10.0.0.1", "64:ff9b::a00:1",
    "2002:a00:1::", "2001:0:5ef5:79fd::f5ff:fffe",
]  # fmt: skip


@pytest.mark.parametrize("address", INSIDE)
async def test_no_name_leads_inside_in_whatever_form_the_address_is(
    address: str, follower: Follower
) -> None:
    with pytest.raises(LeadsInside):
        await pinned("follower.example.org", 443, [], Dns([address]))
    sender = Sender("https://varsel.example.org", lookup=Dns([address]))
    answer = await sender.send(POST, named(follower))
    assert (answer.status, answer.error, follower.calls) == (None, "LeadsInside", [])
    await sender.close()


async def test_the_first_address_outside_is_taken_of_several() -> None:
    dns = Dns(["10.0.0.1", "2606:4700::1111", "93.184.216.34"])
    assert await pinned("follower.example.org", 443, [], dns) == "2606:4700::1111"


async def test_what_the_operator_wrote_out_is_what_they_want(follower: Follower) -> None:
    sender = Sender("https://varsel.example.org", lookup=Dns([]))
    answer = await sender.send(POST, Planned(follower.url, secrets=(SECRET,)))
    assert answer.status == 204
    await sender.close()


@given(st.ip_addresses(), st.integers(1, 32))
def test_a_network_that_is_allowed_is_allowed_and_no_other(
    address: ipaddress.IPv4Address | ipaddress.IPv6Address, bits: int
) -> None:
    network = ipaddress.ip_network(f"{address}/{bits}", strict=False)
    assert may_go_to(address, [network])
    assert may_go_to(address, []) is may_go_to(address, [ipaddress.ip_network("192.0.2.0/24")]) or (
        address in ipaddress.ip_network("192.0.2.0/24")
    )
