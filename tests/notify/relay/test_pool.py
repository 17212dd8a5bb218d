"""What a relay does with a mail is told with that mail, whether it pipelines or not."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from services.notify.relay import connection as module
from services.notify.relay.connection import Mail
from services.notify.relay.pool import Pool
from services.notify.relay.replies import NO_ANSWER, Meaning, Reply
from services.notify.relay.url import CONNECTIONS, RelayUrl
from services.notify.relay.window import Window
from tests.notify.relay_server import BREAK, Relay
from tests.wait import until

CONTENT = b"Subject: hei\r\n\r\n.en linje med punktum\r\n"


class Desk:
    """Hands mails over and collects what each hears."""

    def __init__(self, relay: RelayUrl) -> None:
        self.window = Window()
        self.pool = Pool(relay, sender="varsel@example.org", window=self.window)

    def begin(self, number: int = 1) -> asyncio.Future[Reply | None]:
        told: asyncio.Future[Reply | None] = asyncio.get_running_loop().create_future()

        def heard(_: Mail, reply: Reply | None) -> None:
            told.set_result(reply)
            if reply and reply.meaning is Meaning.HANDED_OVER:
                self.window.leave()  # as once it is recorded

        content = CONTENT.replace(b"\r\n.", b"\r\n..")
        mail = Mail(number, f"m{number}@example.org", [content], heard, lambda: True)
        self.pool.offer([mail])
        return told

    async def hand_over(self, number: int = 1) -> Reply:
        reply = await self.begin(number)
        assert reply
        return reply


@pytest.fixture(params=[True, False], ids=["pipelining", "lock-step"])
async def relay(request: pytest.FixtureRequest) -> AsyncIterator[Relay]:
    server = await Relay().start()
    server.pipelines = request.param
    yield server
    await server.stop()


@asynccontextmanager
async def desk_at(url: RelayUrl) -> AsyncIterator[Desk]:
    made = Desk(url)
    yield made
    await made.pool.close()


@pytest.fixture
async def desk(relay: Relay) -> AsyncIterator[Desk]:
    async with desk_at(RelayUrl("127.0.0.1", relay.port)) as desk:
        yield desk


async def test_an_error_of_our_own_is_told_and_the_connection_opened_again(
    relay: Relay, desk: Desk, capfd: pytest.CaptureFixture[str]
) -> None:
    """Without its text, which may be about a member (G8)."""

    def fails(mail: Mail, _: Reply | None) -> None:
        desk.window.leave()
        raise RuntimeError(f"cannot say it to {mail.recipient}")

    replies = [desk.begin(number) for number in range(1, 4)]
    desk.pool.offer(
        Mail(number, "kari@example.org", [CONTENT], fails, lambda: True)
        for number in range(50, 50 + CONNECTIONS)
    )
    replies += [desk.begin(number) for number in range(4, 40)]
    for reply in await asyncio.gather(*replies):
        assert reply
        if reply.code == NO_ANSWER:  # it was on the connection that broke
            assert (await desk.hand_over(100)).code == 250
    said = "".join(capfd.readouterr())
    assert "connection_failed" in said
    assert "RuntimeError" in said
    assert "kari" not in said
    assert "m1@" not in said
    assert desk.window.has_room


async def test_a_mail_that_cannot_be_sent_hears_so_and_the_others_go_on(
    relay: Relay, desk: Desk
) -> None:
    heard: list[Reply | None] = []
    broken = Mail(1, "kari@example.org", [None], lambda _, reply: heard.append(reply), lambda: True)  # type: ignore[list-item]
    desk.pool.offer([broken])
    await until(lambda: heard)
    assert [reply and reply.code for reply in heard] == [NO_ANSWER]
    assert (await desk.hand_over()).code == 250
    assert len(relay.mails) == 1


async def test_connections_are_kept_open_and_few(relay: Relay, desk: Desk) -> None:
    for _ in range(3):
        replies = await asyncio.gather(*(desk.hand_over(n) for n in range(30)))
        assert {reply.meaning for reply in replies} == {Meaning.HANDED_OVER}
    assert len(relay.mails) == 90
    assert relay.connections <= CONNECTIONS
    assert {taken.content for taken in relay.mails} == {CONTENT}


async def test_a_refusal_is_told_with_its_phase_and_codes(relay: Relay, desk: Desk) -> None:
    relay.rcpt = lambda to: f"550 5.1.1 <{to}> unknown" if to.startswith("m2@") else None
    refused = await desk.hand_over(2)
    assert (refused.phase, refused.code, refused.enhanced) == ("rcpt", 550, "5.1.1")
    assert "unknown" in refused.text
    assert (await desk.hand_over(3)).code == 250
    assert relay.connections == 1


@pytest.mark.parametrize("phase", ["mail", "rcpt", "data"])
async def test_a_refusal_in_any_phase_leaves_the_connection_fit(
    relay: Relay, desk: Desk, phase: str
) -> None:
    setattr(relay, phase, lambda _: "451 4.3.0 not now")
    refused = await desk.hand_over()
    assert (refused.phase, refused.short) == (phase, "4.3.0 451")
    setattr(relay, phase, lambda _: None)
    assert (await desk.hand_over()).code == 250
    assert relay.connections == 1


async def test_a_connection_that_was_closed_while_idle_is_opened_again(
    relay: Relay, desk: Desk
) -> None:
    await desk.hand_over(1)
    relay.drop()
    assert (await desk.hand_over(2)).code == 250
    assert relay.recipients() == ["m1@example.org", "m2@example.org"]


async def test_a_relay_that_has_had_enough_of_a_connection_gets_another(
    relay: Relay, desk: Desk
) -> None:
    await desk.hand_over(1)
    answers = iter(("421 4.7.0 enough",))
    relay.mail = lambda _: next(answers, None)
    assert (await desk.hand_over(2)).code == 250
    assert relay.connections == 2


@pytest.mark.parametrize(("phase", "told"), [("rcpt", "rcpt"), ("data", "dot")])
async def test_a_broken_connection_is_no_answer_and_not_tried_again_at_once(
    relay: Relay, desk: Desk, phase: str, told: str
) -> None:
    setattr(relay, phase, lambda _: BREAK)
    reply = await desk.hand_over()
    assert (reply.phase, reply.code) == (told, NO_ANSWER)
    assert len(relay.tried) == 1


async def test_a_relay_that_is_not_there_is_no_answer(relay: Relay, desk: Desk) -> None:
    await relay.stop()
    reply = await desk.hand_over()
    assert (reply.phase, reply.code) == ("connect", NO_ANSWER)


async def test_no_mail_goes_out_in_the_clear_where_tls_is_required(relay: Relay) -> None:
    async with desk_at(RelayUrl("127.0.0.1", relay.port, starttls=True)) as strict:
        reply = await strict.hand_over()
    assert reply.phase == "connect"
    assert reply.meaning is Meaning.RELAY_TROUBLE
    assert not relay.tried


async def test_a_reply_in_another_encoding_becomes_clean_text(relay: Relay, desk: Desk) -> None:
    relay.encoding = "latin-1"
    relay.rcpt = lambda _: "550 5.1.1 Postboksen finnes ikke på denne tjeneren"
    reply = await desk.hand_over()
    assert reply.text.encode().decode() == reply.text
    assert reply.text == "5.1.1 Postboksen finnes ikke p\ufffd denne tjeneren"


async def test_the_final_dot_is_waited_for_longer_than_other_steps(
    relay: Relay, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "STEP", 0.2)
    relay.hold = asyncio.Event()
    async with desk_at(RelayUrl("127.0.0.1", relay.port)) as patient:
        handing = patient.begin()
        await until(lambda: relay.mails)
        done, _ = await asyncio.wait({handing}, timeout=0.5)
        assert not done
        relay.hold.set()
        reply = await handing
    assert reply and reply.meaning is Meaning.HANDED_OVER


async def test_a_stop_does_not_wait_for_the_final_dot(relay: Relay, desk: Desk) -> None:
    relay.hold = asyncio.Event()
    handing = desk.begin(1)
    await until(lambda: relay.mails)
    await desk.pool.close()
    assert not handing.done()
    relay.hold.set()


async def says_yes_to_everything(
    reader: asyncio.StreamReader, writer: asyncio.StreamWriter
) -> None:
    """A relay that never asks for the content: no 354 to DATA."""
    writer.write(b"220 relay.example\r\n")
    while line := await reader.readline():
        writer.write(b"221 bye\r\n" if line.startswith(b"QUIT") else b"250 ok\r\n")
        if line.startswith(b"QUIT"):
            break
    writer.close()


async def test_a_yes_to_a_mail_that_was_never_sent_is_no_acceptance() -> None:
    server = await asyncio.start_server(says_yes_to_everything, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    async with desk_at(RelayUrl("127.0.0.1", port)) as desk:
        reply = await desk.hand_over()
    assert (reply.phase, reply.code) == ("data", NO_ANSWER)
    assert reply.meaning is Meaning.RELAY_TROUBLE
    server.close()


async def test_a_relay_that_allows_few_connections_is_used_on_those(
    relay: Relay, desk: Desk
) -> None:
    relay.limit = 2
    handing = [desk.hand_over(n) for n in range(3 * CONNECTIONS)]
    assert {reply.code for reply in await asyncio.gather(*handing)} == {250}
    assert len(relay.mails) == 3 * CONNECTIONS


async def test_a_mail_counts_as_sent_from_its_content_on_until_the_relay_refuses_it(
    relay: Relay,
) -> None:
    """What is not sent is nothing that could be corrected (promise G9)."""
    seen: dict[int, bool | None] = {}
    refused = False

    def answer(to: str) -> str | None:
        nonlocal refused
        seen[int(to[1])] = mails[int(to[1])].is_sent
        if to[1] == "1":
            return None
        refused = True
        return "452 4.4.5 too many messages per session"

    def heard(mail: Mail, reply: Reply | None) -> None:
        ended[mail.number].set_result((reply is not None, mail.is_sent))

    loop = asyncio.get_running_loop()
    ended = {number: loop.create_future() for number in (1, 2)}
    mails = {
        number: Mail(number, f"m{number}@example.org", [CONTENT], heard, lambda: not refused)
        for number in (1, 2)
    }
    relay.after_data = answer
    async with desk_at(RelayUrl("127.0.0.1", relay.port, connections=1)) as desk:
        assert not any(mail.is_sent for mail in mails.values())
        desk.pool.offer([mails[1]])
        assert await ended[1] == (True, True)
        desk.pool.offer([mails[2]])
        assert await ended[2] == (False, False), "put back, and then it was not to go any more"
    assert seen == {1: True, 2: True}
