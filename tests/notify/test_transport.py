import asyncio
from collections.abc import AsyncIterator

import pytest

from services.notify import transport as module
from services.notify.relay_url import RelayUrl
from services.notify.replies import NO_ANSWER, Action, action
from services.notify.transport import CONNECTIONS, Mail, Transport
from tests.notify.relay import BREAK, Relay
from tests.wait import until


@pytest.fixture
async def relay() -> AsyncIterator[Relay]:
    server = await Relay().start()
    yield server
    await server.stop()


@pytest.fixture
async def transport(relay: Relay) -> AsyncIterator[Transport]:
    made = Transport(RelayUrl("127.0.0.1", relay.port), sender="varsel@example.org")
    yield made
    await made.close()


def mail(number: int = 1) -> Mail:
    content = b"Subject: hei\r\n\r\n.en linje med punktum\r\n"
    return Mail(number, f"m{number}@example.org", content)


async def test_connections_are_kept_open_and_few(relay: Relay, transport: Transport) -> None:
    for _ in range(3):
        replies = await asyncio.gather(*(transport.hand_over(mail(n)) for n in range(30)))
        assert {action(reply) for reply in replies} == {Action.HANDED_OVER}
    assert len(relay.mails) == 90
    assert relay.connections <= CONNECTIONS
    assert relay.mails[0].content == mail().content


async def test_a_refusal_is_told_with_its_phase_and_codes(
    relay: Relay, transport: Transport
) -> None:
    relay.rcpt = lambda to: f"550 5.1.1 <{to}> unknown" if to.startswith("m2@") else None
    refused = await transport.hand_over(mail(2))
    assert (refused.phase, refused.code, refused.enhanced) == ("rcpt", 550, "5.1.1")
    assert "unknown" in refused.text
    assert (await transport.hand_over(mail(3))).code == 250
    assert relay.connections == 1


@pytest.mark.parametrize("phase", ["mail", "rcpt", "data"])
async def test_a_refusal_in_any_phase_leaves_the_connection_fit(
    relay: Relay, transport: Transport, phase: str
) -> None:
    setattr(relay, phase, lambda _: "451 4.3.0 not now")
    refused = await transport.hand_over(mail())
    assert (refused.phase, refused.short) == (phase, "4.3.0 451")
    setattr(relay, phase, lambda _: None)
    assert (await transport.hand_over(mail())).code == 250
    assert relay.connections == 1


async def test_a_connection_that_was_closed_while_idle_is_opened_again(
    relay: Relay, transport: Transport
) -> None:
    await transport.hand_over(mail(1))
    relay.drop()
    assert (await transport.hand_over(mail(2))).code == 250
    assert relay.recipients() == ["m1@example.org", "m2@example.org"]


async def test_a_relay_that_has_had_enough_of_a_connection_gets_another(
    relay: Relay, transport: Transport
) -> None:
    await transport.hand_over(mail(1))
    answers = iter(("421 4.7.0 enough",))
    relay.mail = lambda _: next(answers, None)
    assert (await transport.hand_over(mail(2))).code == 250
    assert relay.connections == 2


@pytest.mark.parametrize(("phase", "told"), [("rcpt", "rcpt"), ("data", "dot")])
async def test_a_broken_connection_is_no_answer_and_not_tried_again_at_once(
    relay: Relay, transport: Transport, phase: str, told: str
) -> None:
    setattr(relay, phase, lambda _: BREAK)
    reply = await transport.hand_over(mail())
    assert (reply.phase, reply.code) == (told, NO_ANSWER)
    assert len(relay.tried) == 1


async def test_a_relay_that_is_not_there_is_no_answer(relay: Relay, transport: Transport) -> None:
    await relay.stop()
    reply = await transport.hand_over(mail())
    assert (reply.phase, reply.code) == ("connect", NO_ANSWER)


async def test_no_mail_goes_out_in_the_clear_where_tls_is_required(relay: Relay) -> None:
    strict = Transport(
        RelayUrl("127.0.0.1", relay.port, starttls=True), sender="varsel@example.org"
    )
    reply = await strict.hand_over(mail())
    assert reply.phase == "connect"
    assert action(reply) is Action.RELAY_TROUBLE
    assert not relay.tried
    await strict.close()


async def test_a_reply_in_another_encoding_becomes_clean_text(
    relay: Relay, transport: Transport
) -> None:
    relay.encoding = "latin-1"
    relay.rcpt = lambda _: "550 5.1.1 Postboksen finnes ikke på denne tjeneren"
    reply = await transport.hand_over(mail())
    assert reply.text.encode().decode() == reply.text
    assert reply.text == "5.1.1 Postboksen finnes ikke p\ufffd denne tjeneren"


async def test_the_final_dot_is_waited_for_longer_than_other_steps(
    relay: Relay, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "_STEP", 0.2)
    patient = Transport(RelayUrl("127.0.0.1", relay.port), sender="varsel@example.org")
    relay.hold = asyncio.Event()
    handing = asyncio.create_task(patient.hand_over(mail()))
    await until(lambda: relay.mails)
    done, _ = await asyncio.wait({handing}, timeout=0.5)
    assert not done
    relay.hold.set()
    assert action(await handing) is Action.HANDED_OVER
    await patient.close()


async def test_a_stop_does_not_wait_for_the_final_dot(relay: Relay, transport: Transport) -> None:
    relay.hold = asyncio.Event()
    handing = asyncio.create_task(transport.hand_over(mail(1)))
    await until(lambda: relay.mails)
    handing.cancel()
    with pytest.raises(asyncio.CancelledError):
        await handing
    relay.hold = None
    assert (await transport.hand_over(mail(2))).code == 250
    assert relay.connections == 2, "the first has an answer under way that is nobody's"


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
    transport = Transport(RelayUrl("127.0.0.1", port), sender="varsel@example.org")
    reply = await transport.hand_over(mail())
    assert (reply.phase, reply.code) == ("data", NO_ANSWER)
    assert action(reply) is Action.RELAY_TROUBLE
    await transport.close()
    server.close()


async def test_a_relay_that_allows_few_connections_is_used_on_those(
    relay: Relay, transport: Transport
) -> None:
    relay.limit = 2
    replies = await asyncio.gather(*(transport.hand_over(mail(n)) for n in range(CONNECTIONS)))
    assert {r.phase for r in replies if r.code == 421} == {"connect"}
    again = [await transport.hand_over(mail(n)) for n in range(20)]
    assert {reply.code for reply in again} == {250}
