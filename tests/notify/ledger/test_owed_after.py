"""Whom a correction or withdrawal is owed to, counted by the script and by a plain model."""

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from redis.asyncio import Redis

from services.notify.ledger import ledger
from shared.bus import lua
from shared.bus.lua import Script
from tests.examples import examples

PLANNED, SENDING, HANDED_OVER, DEFERRED, FAILED, SUPPRESSED, OUTSIDE = 0, 1, 2, 3, 4, 5, 7
EARLIER, UNHEARD, BOUNCED = 8, 16, 32
flagged = st.builds(
    lambda state, flags: state + flags,
    st.integers(PLANNED, SUPPRESSED),
    st.sampled_from((0, 0, 0, 0, *range(EARLIER, 2 * BOUNCED, EARLIER))),
)
members = st.lists(st.tuples(flagged | st.just(OUTSIDE), st.booleans()), max_size=60)
"""The byte of each number, and whether it is in the cut; outside it a byte is 0."""


@pytest.fixture
def owed_after(redis: Redis, tmp_path: Path) -> Script[lua.Done]:
    call = tmp_path / "call.lua"
    call.write_text(
        f"""-- with: {Path(ledger.__file__).with_name("owed_after")}
-- arg.bytes text
-- arg.open number
-- arg.keeps_open flag
-- answer done owed, audience
return {{ 'done', owed_after(arg.bytes, arg.open, arg.keeps_open) }}"""
    )
    return lua.load(redis, call, lua.Done)


@given(members=members, keeps_open=st.booleans())
@settings(
    max_examples=examples(200),
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
async def test_the_script_owes_it_to_whom_a_plain_model_does(
    owed_after: Script[lua.Done], members: list[tuple[int, bool]], keeps_open: bool
) -> None:
    before = [0] + [byte if inside else 0 for byte, inside in members]
    inside = [False] + [inside and byte != OUTSIDE for byte, inside in members]
    is_open = [byte % 8 in (PLANNED, SENDING, DEFERRED) for byte in before]
    open_ = sum(map(all, zip(inside, is_open, strict=True)))
    answer = await owed_after(
        keys={}, args={"bytes": bytes(before), "open": open_, "keeps_open": keeps_open}
    )
    owed, audience = answer.values
    count = 0
    for byte, member, old in zip(owed, inside, before, strict=True):
        if not member:
            assert byte in (PLANNED, OUTSIDE)
        elif old % 8 in (SENDING, HANDED_OVER) or old >= EARLIER:
            assert byte == EARLIER
            count += 1
        elif keeps_open and old in (PLANNED, DEFERRED):
            assert byte == PLANNED
            count += 1
        else:
            assert byte == OUTSIDE
    assert audience == count
