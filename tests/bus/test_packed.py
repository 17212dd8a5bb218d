"""Commands reach the server as redis-py's own packing would have sent them."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from redis.asyncio import Connection
from redis.exceptions import DataError

from shared.bus.bus import connect

MADE: Any = connect("redis://127.0.0.1:1/0").connection_pool
ARGUMENT = st.one_of(
    st.binary(max_size=7000),
    st.text(st.characters(codec="utf-8"), max_size=50),
    st.integers(),
    st.floats(),
    st.builds(bytearray, st.binary(max_size=10)),
)


@given(st.sampled_from(["SET", b"SET", "CONFIG GET"]), st.lists(ARGUMENT, max_size=9))
def test_a_command_is_packed_as_before(name: str | bytes, arguments: list[Any]) -> None:
    made = MADE.make_connection()
    plain = Connection()
    assert type(made) is not type(plain)
    assert b"".join(made.pack_command(name, *arguments)) == b"".join(
        plain.pack_command(name, *arguments)
    )


@pytest.mark.parametrize("odd", [None, ["a"], {"a": 1}, object()])
def test_what_is_no_text_byte_or_number_is_refused(odd: object) -> None:
    made = MADE.make_connection()
    with pytest.raises(DataError):
        made.pack_command("SET", "key", odd)
