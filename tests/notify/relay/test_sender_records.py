"""Which of a sender's records are missing is said as DNS has it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.notify.relay.sender_records import (
    PublicKey,
    dkim,
    dmarc,
    sender_records,
    spf,
    texts_of,
)
from tests.notify.relay.dns_server import zone

KEY = PublicKey("varsel", "v=DKIM1; k=ed25519; p=11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=")
DKIM = "varsel._domainkey.post.example.org"


async def states(*keys: PublicKey) -> dict[str, tuple[str, str]]:
    found = await sender_records("post.example.org", "post.example.org", keys)
    return {one.kind: (one.name, one.state) for one in found}


async def test_what_is_missing_is_said_and_where_it_should_be() -> None:
    async with zone():
        assert await states(KEY) == {
            "spf": ("post.example.org", "missing"),
            "dkim": (DKIM, "missing"),
            "dmarc": ("_dmarc.post.example.org", "missing"),
        }


async def test_what_is_there_is_found_also_a_dmarc_record_of_the_domain_above() -> None:
    async with zone() as served:
        served.records = {
            "post.example.org": ["other=1", "v=spf1 include:relay.example.org -all"],
            DKIM: [KEY.record],
            "_dmarc.post.example.org": [],
            "_dmarc.example.org": ["v=DMARC1; p=none"],
        }
        assert await states(KEY) == {
            "spf": ("post.example.org", "there"),
            "dkim": (DKIM, "there"),
            "dmarc": ("_dmarc.example.org", "there"),
        }
        assert "_dmarc.org" not in served.asked


async def test_spf_is_asked_of_both_domains_since_letters_come_back_to_the_sender() -> None:
    async with zone() as served:
        served.records["retur.example.org"] = ["v=spf1 include:relay.example.org -all"]
        found = await sender_records("post.example.org", "retur.example.org", [KEY])
        assert [(one.name, one.state) for one in found if one.kind == "spf"] == [
            ("retur.example.org", "there"),
            ("post.example.org", "missing"),
        ]
        assert {one.name for one in found if one.kind == "dkim"} == {DKIM}


async def test_where_dns_does_not_answer_nothing_is_said_to_be_missing() -> None:
    async with zone() as served:
        served.fails = True
        assert {state for _, state in (await states(KEY)).values()} == {"unknown"}


async def test_where_the_relay_signs_only_it_knows_where_its_key_is() -> None:
    async with zone():
        assert (await states())["dkim"] == ("_domainkey.post.example.org", "unknown")


async def test_a_long_record_is_put_together_from_its_pieces() -> None:
    async with zone() as served:
        served.records["long.example.org"] = ["x" * 600]
        assert await texts_of("long.example.org") == ["x" * 600]


@pytest.mark.parametrize(
    ("texts", "state"),
    [
        ([], "missing"),
        (["v=spf10 -all", "spf1"], "missing"),
        (["v=spf1 -all"], "there"),
        (["V=SPF1 mx ~all"], "there"),
        (["v=spf1 -all", "v=spf1 mx -all"], "wrong"),
        (["v=spf1 +all"], "wrong"),
        (["v=spf1 all"], "wrong"),
    ],
)
def test_spf(texts: list[str], state: str) -> None:
    assert spf("example.org", texts).state == state


@pytest.mark.parametrize(
    ("texts", "state"),
    [
        ([], "missing"),
        (["v=DKIM1; k=rsa"], "missing"),
        ([KEY.record], "there"),
        (["k=ed25519;p=11qYAYKxCrfVS/7TyWQH Og7hcvPapiMlrwIaaPcHURo="], "there"),
        (["v=DKIM1; p="], "wrong"),
        (["v=DKIM1; p=YW5vdGhlcg=="], "wrong"),
        ([KEY.record, KEY.record], "wrong"),
    ],
)
def test_dkim(texts: list[str], state: str) -> None:
    assert dkim(DKIM, KEY, texts).state == state


@pytest.mark.parametrize(
    ("texts", "state"),
    [
        ([], "missing"),
        (["v=DMARC2; p=none"], "missing"),
        (["v=DMARC1; p=reject; rua=mailto:d@example.org"], "there"),
        (["v=DMARC1;p=none"], "there"),
        (["v=DMARC1; p=sometimes"], "wrong"),
        (["v=DMARC1; p=none", "v=DMARC1; p=reject"], "wrong"),
    ],
)
def test_dmarc(texts: list[str], state: str) -> None:
    assert dmarc("_dmarc.example.org", texts).state == state


@given(st.lists(st.text(max_size=80), max_size=4))
def test_whatever_dns_says_is_judged(texts: list[str]) -> None:
    for found in (spf("a", texts), dkim("a", KEY, texts), dmarc("a", texts)):
        assert found.state in ("there", "missing", "wrong")
