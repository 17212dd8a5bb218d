"""The proxies tell commands apart whatever pieces they come in: else a kill comes at another place
than the matrix says."""

import asyncio
import smtplib
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from redis.asyncio import Redis

from shared.bus import lua
from tests.chaos.proxy import Moment, RedisProxy, SmtpProxy, Streams
from tests.chaos.resp import Kinds, Parser, Push, brings_something
from tests.chaos.sink import Sink
from tests.chaos.smtp import Conversation
from tests.server import Valkey

CLAIM = Path(__file__).parents[2] / "services" / "notify" / "ledger" / "claim.lua"


def split(data: bytes, cuts: list[int]) -> Iterator[bytes]:
    places = sorted({0, len(data), *(cut % (len(data) + 1) for cut in cuts)})
    yield from (data[a:b] for a, b in pairwise(places))


def packed(*words: bytes) -> bytes:
    parts = (b"$%d\r\n%s\r\n" % (len(word), word) for word in words)
    return b"*%d\r\n" % len(words) + b"".join(parts)


commands = st.lists(st.lists(st.binary(max_size=40), min_size=1, max_size=4), max_size=6)
cuts = st.lists(st.integers(min_value=0, max_value=10_000), max_size=40)


@given(commands, cuts)
def test_any_split_gives_the_same_commands_of_redis(sent: list[list[bytes]], at: list[int]) -> None:
    whole = b"".join(packed(*words) for words in sent)
    parser = Parser()
    found = [each for piece in split(whole, at) for each in parser.feed(piece)]
    assert [command for command, _ in found] == sent
    assert b"".join(raw for _, raw in found) == whole


REPLIES: tuple[tuple[bytes, object], ...] = (
    (b"+OK\r\n", b"OK"), (b":7\r\n", b"7"), (b"$-1\r\n", None), (b"_\r\n", None),
    (b"*-1\r\n", None), (b"*0\r\n", []), (b"$2\r\n\r\n\r\n", b"\r\n"), (b"#t\r\n", b"t"),
    (b"%1\r\n$1\r\na\r\n*2\r\n:1\r\n,1.5\r\n", [b"a", [b"1", b"1.5"]]),
    (b"=7\r\ntxt:abc\r\n", b"txt:abc"), (b"-NOSCRIPT no\r\n", b"NOSCRIPT no"),
    (b"|1\r\n+ttl\r\n:3\r\n$1\r\nx\r\n", b"x"), (b">2\r\n+a\r\n+b\r\n", Push([b"a", b"b"])),
)  # fmt: skip


@given(st.lists(st.sampled_from(REPLIES), max_size=8), cuts)
def test_any_split_gives_the_same_replies_of_redis(
    sent: list[tuple[bytes, object]], at: list[int]
) -> None:
    parser = Parser()
    whole = b"".join(raw for raw, _ in sent)
    found = [each for piece in split(whole, at) for each in parser.feed(piece)]
    assert found == [(value, raw) for raw, value in sent]


def test_a_fetch_counts_when_it_brings_entries() -> None:
    entry = [[b"1-0", [b"a", b"b"]]]
    assert brings_something([[b"pages", entry]])
    assert brings_something([b"0-0", entry, []])
    assert not brings_something(None)
    assert not brings_something([b"0-0", [], []])


@pytest.mark.parametrize(
    ("command", "kind"),
    [
        (b"HGETALL notify:members:3", "HGETALL notify:members"),
        (b"HGET render:counters articles", "HGET render:counters"),
        (b"XREADGROUP GROUP notify notify-1 COUNT 1 STREAMS chunks >", "XREADGROUP chunks"),
        (b"XGROUP CREATE pages ingest 0 MKSTREAM", "XGROUP CREATE"),
        (b"CLIENT SETINFO LIB-NAME redis-py", "CLIENT SETINFO"),
        (b"ping", "PING"),
    ],
)
def test_a_kind_is_the_command_and_what_it_works_on(command: bytes, kind: str) -> None:
    assert Kinds().name(command.split(b" ")) == kind


async def test_a_script_has_its_file_s_name(own_server: Valkey) -> None:
    """Through a real proxy: from a client that calls first and loads on NOSCRIPT."""
    told: list[tuple[str, Moment]] = []

    def watch(kind: str, moment: Moment) -> bool:
        told.append((kind, moment))
        return False

    async def connect() -> Streams:
        return await asyncio.open_unix_connection(f"{own_server.folder}/s")

    proxy = RedisProxy(connect, watch, Kinds())
    await proxy.start()
    async with Redis.from_url(f"redis://tests@127.0.0.1:{proxy.port}") as redis:
        source = lua.read(CLAIM)
        script = redis.register_script(source.text)
        named = {name.name: f"notify:{name.name}:a" for name in source.keys}
        keys = list((named | {"stream": "chunks"}).values())
        await redis.xgroup_create("chunks", "notify", id="0", mkstream=True)
        lists = [1 for name in (*source.keys, *source.args) if name.is_counted]
        args = [*lists, "notify", "1-0", "notify-1"]
        assert await script(keys=keys, args=args) == [b"gone"]
    await proxy.stop()
    kinds = [kind for kind, moment in told if moment == "after"]
    assert kinds[-3:] == [
        "EVALSHA claim.lua chunks", "SCRIPT LOAD claim.lua", "EVALSHA claim.lua chunks",
    ]  # fmt: skip
    assert Kinds().name([b"EVALSHA", str(script.sha).encode(), b"0"]) == "EVALSHA claim.lua"


lines = st.sampled_from([b"Hei", b"", b"..", b"..a", b"\r", b"a.\r", b". ", b"MAIL FROM:<x>"])
mails = st.lists(st.lists(lines, max_size=6), min_size=1, max_size=4)
ENVELOPE = b"MAIL FROM:<a@example.org>\r\nRCPT TO:<b@example.org>\r\nDATA\r\n"
STEPS = ["MAIL", "RCPT", "DATA"]


def client_side(mails: list[list[bytes]], *, pipelines: bool) -> list[bytes]:
    """What a client writes before it waits: with pipelining a mail's end and the next envelope."""
    wholes = [b"".join(line + b"\r\n" for line in mail) + b".\r\n" for mail in mails]
    if pipelines:
        return [ENVELOPE, *(mail + ENVELOPE for mail in wholes[:-1]), wholes[-1] + b"QUIT\r\n"]
    envelope = [line + b"\r\n" for line in ENVELOPE.split(b"\r\n")[:-1]]
    return [b"EHLO x\r\n", *(p for mail in wholes for p in [*envelope, mail]), b"QUIT\r\n"]


@given(mails, cuts, st.booleans())
def test_any_split_gives_the_same_steps_of_smtp(
    mails: list[list[bytes]], at: list[int], pipelines: bool
) -> None:
    conversation = Conversation()
    steps: list[str] = []
    passed = b""
    list(conversation.server(b"220 hei\r\n"))
    for write in client_side(mails, pipelines=pipelines):
        new: list[str] = []
        for piece in split(write, at):
            for step, raw in conversation.client(piece):
                passed += raw
                if not (step == "content" and new[-1:] == ["content"]):
                    new.append(step)
        steps += new
        # The server answers what it got, in pieces, with a reply of several lines.
        answers = {"DATA": b"354 go on\r\n", "content": b""}
        replies = b"".join(answers.get(step, b"250-x\r\n250 2.0.0 ok\r\n") for step in new)
        told = [reply for piece in split(replies, at) for reply in conversation.server(piece)]
        assert [step for step, _, _ in told] == [step for step in new if step != "content"]
    wanted = [] if pipelines else ["EHLO"]
    for mail in mails:
        wanted += [*STEPS, *(["content"] if mail else []), "dot"]
    assert steps == [*wanted, "QUIT"]
    assert passed == b"".join(client_side(mails, pipelines=pipelines))


def test_what_follows_a_refused_data_is_a_command_and_an_empty_mail_has_its_end() -> None:
    conversation = Conversation()
    list(conversation.server(b"220 hei\r\n"))
    assert [step for step, _ in conversation.client(ENVELOPE)] == STEPS
    list(conversation.server(b"250 a\r\n550 no\r\n503 no recipient\r\n"))
    assert [step for step, _ in conversation.client(b"RSET\r\n" + ENVELOPE)] == ["RSET", *STEPS]
    # Refused, and yet told to go on: the client ends it at once (RFC 2920, section 3.1).
    list(conversation.server(b"250 a\r\n250 a\r\n550 no\r\n354 go on\r\n"))
    assert [step for step, _ in conversation.client(b".\r\n")] == ["dot"]


async def test_the_sink_takes_what_a_client_of_the_library_sends_through_a_proxy() -> None:
    sink = Sink()
    await sink.start()
    told: list[str] = []

    def watch(kind: str, moment: Moment) -> bool:
        told.append(f"{moment} {kind}")
        return False

    async def connect() -> Streams:
        return await asyncio.open_connection("127.0.0.1", sink.port)

    proxy = SmtpProxy(connect, watch)
    await proxy.start()

    def send() -> None:
        with smtplib.SMTP("127.0.0.1", proxy.port) as client:
            text = "Subject: Varsel: round-7\r\nMessage-ID: <a@b>\r\n\r\n.\r\n" + "x" * 100_000
            client.sendmail("a@example.org", ["b@example.org"], text)

    await asyncio.to_thread(send)
    await proxy.stop()
    await sink.stop()
    [mail] = sink.taken
    assert (mail.round, mail.recipient, mail.message_id) == (7, "b@example.org", "<a@b>")
    for kind in ("connect", "EHLO", "MAIL", "RCPT", "DATA", "dot"):
        places = [told.index(f"{moment} SMTP {kind}") for moment in ("before", "after")]
        assert places == sorted(places), kind
    assert told.count("before SMTP content") == 1
