"""Which letter goes to whom, how often, and what becomes of it where the relay refuses it."""

from dataclasses import replace

import pytest

from services.notify.letters import judge, send_letters, store
from services.notify.letters.asked import Asked, LetterKind
from services.notify.members.store import leave
from tests.notify.letters.steps import (
    ask,
    code_of,
    join,
    letters_of,
    login,
    mail_to,
    mails_to,
    move,
    nothing_waits,
    said,
    tickets_of,
    token_of,
    undo,
    use_code,
    use_link,
)
from tests.notify.relay_server import BREAK
from tests.notify.system import System, running, serving
from tests.wait import until


async def test_a_member_gets_a_link_and_a_code_that_log_them_in(up: System) -> None:
    await up.join("ola@example.org", "kari@example.org")
    await ask(up, login("KARI@example.org"))
    mail = await mail_to(up, "kari@example.org")
    tickets = await tickets_of(up)
    found = await tickets.look(token_of(mail))
    assert found
    assert (found.asked.kind, found.asked.number) == (LetterKind.LOGIN, 2)
    assert f"https://varsel.example.org/min-side/inn/{token_of(mail)}" in said(mail)
    used = await use_code(tickets, "b1", code_of(mail))
    assert used
    assert used.asked.number == 2


async def test_an_address_of_nobody_is_told_how_to_join(up: System) -> None:
    await up.join("erased@example.org")
    await leave(up.redis, 1)
    await up.redis.hdel("notify:members:0", "1")
    await ask(up, login("erased@example.org"), login("nobody@example.org", browser="b2"))
    for address in ("erased@example.org", "nobody@example.org"):
        mail = await mail_to(up, address)
        assert "https://varsel.example.org/bli-medlem/\n" in said(mail)
        assert "/inn/" not in said(mail)
    await nothing_waits(up.redis)
    assert not [key async for key in up.redis.scan_iter("notify:ticket:*")]


async def test_who_left_can_log_in_to_see_what_is_kept_and_delete_it(up: System) -> None:
    await up.join("gone@example.org")
    await leave(up.redis, 1)
    await ask(up, login("gone@example.org"), join("gone@example.org"))
    logs_in, joins = [await mail_to(up, "gone@example.org", nth=nth) for nth in (1, 2)]
    for mail in (logs_in, joins):
        found = await (await tickets_of(up)).look(token_of(mail))
        assert found
        assert ("/bli-medlem/bekreft/" in said(mail)) == (found.asked.kind is LetterKind.JOIN)


async def test_who_joins_gets_a_letter_to_confirm_it(up: System) -> None:
    asked = replace(join(), subjects=("s1", "s2"), lang="nn")
    await ask(up, asked)
    mail = await mail_to(up, "ny@example.org")
    assert "/bli-medlem/bekreft/" in said(mail)
    assert "Stadfest" in str(mail["Subject"])
    used = await use_link(await tickets_of(up), token_of(mail))
    assert used
    assert replace(used.asked, at=None) == replace(asked, browser="")
    assert used.asked.at


async def test_who_joins_and_is_a_member_is_told_so_with_a_way_in(up: System) -> None:
    await up.join("kari@example.org")
    await ask(up, join("kari@example.org"))
    mail = await mail_to(up, "kari@example.org")
    assert "allerede" in said(mail)
    found = await use_code(await tickets_of(up), "b2", code_of(mail))
    assert found
    assert (found.asked.kind, found.asked.number) == (LetterKind.LOGIN, 1)
    assert found.asked.name == found.asked.consent == ""


async def test_a_new_address_is_confirmed_there_and_the_old_one_told(up: System) -> None:
    await up.join("kari@example.org", "ola@example.org")
    asked = Asked(LetterKind.MOVE, "kari.ny@example.org", browser="b1", number=1)
    await ask(up, asked, replace(asked, email="ola@example.org"))
    tickets = await tickets_of(up)
    found = await use_link(tickets, token_of(await mail_to(up, "kari.ny@example.org")))
    assert found
    assert (found.asked.kind, found.asked.number) == (LetterKind.MOVE, 1)
    await move(up, 1, "kari.ny@example.org")
    told = await mail_to(up, "kari@example.org")
    assert "/min-side/angre/" in said(told)
    undoes = await tickets.look(token_of(told))
    assert undoes
    assert (undoes.asked.kind, undoes.asked.email) == (LetterKind.MOVED, "kari@example.org")
    other = await tickets.look(token_of(await mail_to(up, "ola@example.org")))
    assert other
    assert (other.asked.kind, other.asked.number) == (LetterKind.LOGIN, 2), "it is another member's"


@pytest.mark.parametrize("is_undone", [False, True])
async def test_of_a_move_that_was_undone_nobody_is_told_any_more(
    notify: System, is_undone: bool
) -> None:
    """Least of all whoever took the address and moved on, whose letter would undo the undoing."""
    await notify.join("kari@example.org", "ola@example.org")
    began = await move(notify, 1, "tyven@example.org")
    await move(notify, 1, "tyven2@example.org")
    if is_undone:
        await undo(notify, 1, "kari@example.org", began)
    async with running(notify):
        await ask(notify, login("ola@example.org"))
        await mail_to(notify, "ola@example.org")
        await nothing_waits(notify.redis)
    told = {mail.recipient for mail in notify.relay.mails} - {"ola@example.org"}
    assert told == (set() if is_undone else {"kari@example.org", "tyven@example.org"})


async def test_who_comes_back_is_told(up: System) -> None:
    await ask(up, Asked(LetterKind.WELCOME_BACK, "kari@example.org", number=3))
    assert "https://varsel.example.org/min-side/\n" in said(await mail_to(up, "kari@example.org"))


async def test_asking_again_sends_the_same_letter_and_elsewhere_a_new_one(up: System) -> None:
    await up.join("kari@example.org")
    await ask(up, login())
    first = await mail_to(up, "kari@example.org")
    await nothing_waits(up.redis)
    await ask(up, login())
    again = await mail_to(up, "kari@example.org", nth=2)
    assert said(again) == said(first)
    assert again["Message-ID"] != first["Message-ID"], "mailboxes drop what they have"
    await ask(up, login(browser="b9"))
    other = await mail_to(up, "kari@example.org", nth=3)
    assert token_of(other) != token_of(first)


async def test_no_more_than_three_letters_an_hour_go_to_an_address(up: System) -> None:
    await up.join("kari@example.org")
    for nth in range(6):
        await ask(up, login(browser=f"b{nth}"), join("kari@example.org", browser=f"b{nth}"))
    await ask(up, login("ola@example.org"))
    await mail_to(up, "ola@example.org")
    await nothing_waits(up.redis)
    assert len(mails_to(up, "kari@example.org")) == 3


async def test_what_a_member_must_be_told_no_stranger_can_use_up(up: System) -> None:
    await up.join("kari@example.org")
    for nth in range(4):
        await ask(up, login(browser=f"b{nth}"))
    await nothing_waits(up.redis)
    await move(up, 1, "ny@example.org")
    assert "/min-side/angre/" in said(await mail_to(up, "kari@example.org", nth=4))


async def test_letters_to_who_joins_are_so_many_an_hour_and_others_go_on(notify: System) -> None:
    notify.settings = notify.settings.model_copy(update={"join_letters_per_hour": 2})
    await notify.join("kari@example.org")
    async with running(notify):
        await ask(notify, *(join(f"ny{nth}@example.org", browser=f"b{nth}") for nth in range(5)))
        await until(lambda: len(notify.relay.mails) >= 2)
        await ask(notify, login())
        await mail_to(notify, "kari@example.org")
    assert len(notify.relay.mails) == 3
    assert await notify.redis.zcard(store.JOINS) == 3, "they are kept"


async def test_whoever_types_strangers_addresses_mails_no_more_of_them_than_may_join(
    notify: System,
) -> None:
    """A log-in for nobody's address is a letter to a stranger, as one for who joins is."""
    notify.settings = notify.settings.model_copy(update={"join_letters_per_hour": 3})
    await notify.join("kari@example.org")
    strangers = [f"fremmed{nth}@example.org" for nth in range(40)]
    async with running(notify):
        await ask(notify, *(join(f"ny{nth}@example.org", browser=f"j{nth}") for nth in range(2)))
        await until(lambda: len(notify.relay.mails) == 2)
        await ask(notify, *(login(to, browser=to) for to in strangers))
        await ask(notify, login())
        await mail_to(notify, "kari@example.org")
        await until_moved(notify)
        await ask(notify, login(browser="b9"))
        await mail_to(notify, "kari@example.org", nth=2)
    assert len([to for to in notify.relay.recipients() if to in strangers]) == 1
    assert await notify.redis.zcard(store.JOINS) == 39, "they are kept"


async def until_moved(on: System) -> None:
    async def none_is_urgent() -> bool:
        return not await on.redis.zcard(store.QUEUE)

    await until(none_is_urgent)


async def test_letters_to_strangers_leave_log_ins_their_part_of_the_relays_limits(
    notify: System,
) -> None:
    secret = type(notify.settings.smtp_url)
    limited = secret(f"smtp://127.0.0.1:{notify.relay.port}?per_hour=100")
    notify.settings = notify.settings.model_copy(update={"smtp_url": limited})
    await notify.join("kari@example.org")
    async with running(notify):
        await ask(notify, *(login(f"f{nth}@example.org", browser=f"f{nth}") for nth in range(150)))
        await until_moved(notify)
        await ask(notify, login())
        await mail_to(notify, "kari@example.org")


async def test_who_joins_while_a_letter_to_nobody_waits_asks_again_and_is_let_in_at_once(
    notify: System,
) -> None:
    notify.settings = notify.settings.model_copy(update={"join_letters_per_hour": 1})
    async with running(notify):
        await ask(notify, login("fremmed@example.org"))
        await mail_to(notify, "fremmed@example.org")
        await ask(notify, login())
        await until_moved(notify)
        await notify.join("kari@example.org")
        await ask(notify, login())
        assert "/min-side/inn/" in said(await mail_to(notify, "kari@example.org"))
        await nothing_waits(notify.redis)
    assert len(mails_to(notify, "kari@example.org")) == 1


async def test_letters_of_which_no_mail_is_made_leave_the_hour_to_others(notify: System) -> None:
    notify.settings = notify.settings.model_copy(update={"join_letters_per_hour": 4})
    async with running(notify):
        await ask(notify, *(join("ny@example.org", browser=f"b{nth}") for nth in range(9)))
        await until(lambda: len(notify.relay.mails) == 3)  # so many may go to one address
        await nothing_waits(notify.redis)
        await ask(notify, join("annen@example.org", browser="b"))
        await mail_to(notify, "annen@example.org")


async def test_a_letter_that_was_accepted_before_notify_ran_is_sent(notify: System) -> None:
    await notify.join("kari@example.org")
    await ask(notify, login())
    async with running(notify):
        await mail_to(notify, "kari@example.org")


async def test_the_relay_puts_a_letter_off_and_takes_it_later(up: System) -> None:
    await up.join("kari@example.org")
    answers = iter(["451 4.7.1 greylisted", "450 4.2.0 later", "421 4.3.2 closing"])
    up.relay.rcpt = lambda _: next(answers, None)
    await ask(up, login())
    await mail_to(up, "kari@example.org")
    await nothing_waits(up.redis)
    assert len(up.relay.tried) == 4


async def test_a_letter_that_the_relay_refuses_is_given_up(up: System) -> None:
    await up.join("kari@example.org")
    up.relay.rcpt = lambda to: "550 5.1.1 no such user" if to == "kari@example.org" else None
    await ask(up, login(), login("ola@example.org"))
    await mail_to(up, "ola@example.org")
    await nothing_waits(up.redis)
    assert up.relay.tried.count("kari@example.org") == 1


async def test_a_letter_waits_for_a_relay_that_is_down_and_health_says_so(
    notify: System, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(judge, "LONGEST_RELAY_PAUSE_SECONDS", 0.5)
    await notify.join("kari@example.org")
    await notify.relay.stop()
    async with serving(notify) as service:
        await ask(notify, login())
        await until(service.problems)
        assert any("relay" in problem for problem in service.problems())
        await notify.relay.start()
        await mail_to(notify, "kari@example.org")
        await nothing_waits(notify.redis)
        assert service.problems() == []
    assert len(mails_to(notify, "kari@example.org")) == 1


async def test_a_relay_that_refuses_us_as_a_sender_turns_health_red(notify: System) -> None:
    notify.relay.mail = lambda _: "550 5.7.1 not from you"
    async with serving(notify) as service:
        await ask(notify, login())
        await until(service.problems)
        notify.relay.mail = lambda _: None
        await mail_to(notify, "kari@example.org")


async def test_a_letter_is_given_up_once_its_link_is_worthless(
    up: System, monkeypatch: pytest.MonkeyPatch
) -> None:
    up.relay.rcpt = lambda _: "450 4.2.0 later"
    await ask(up, login())
    await until(lambda: len(up.relay.tried) >= 1)
    (key,) = [key async for key in up.redis.scan_iter("notify:letter:*")]
    made = int(await up.redis.hget(key, "made") or 0)
    await up.redis.hset(key, "made", made - 48 * 3_600_000)
    await nothing_waits(up.redis)
    assert up.relay.mails == []


async def test_no_answer_to_a_letter_is_tried_again_with_the_same_message_id(up: System) -> None:
    await up.join("kari@example.org")
    answers = iter([BREAK])
    up.relay.after_data = lambda _: next(answers, None)
    await ask(up, login())
    first, second = [(await mail_to(up, "kari@example.org", nth=nth)).as_bytes() for nth in (1, 2)]
    assert first == second


async def test_whose_record_does_not_open_holds_up_nobody(up: System) -> None:
    await up.join("kari@example.org", "ola@example.org")
    await up.redis.hset("notify:members:0", "1", b"x" * 60)
    await ask(up, login(), login("ola@example.org"))
    await mail_to(up, "ola@example.org")
    assert not mails_to(up, "kari@example.org")


async def test_a_stop_leaves_no_letter_behind_and_sends_none_twice(notify: System) -> None:
    everybody = [f"m{nth}@example.org" for nth in range(60)]
    notify.relay.slowness = 0.02
    await notify.join(*everybody)
    await ask(notify, *(login(to, browser=to) for to in everybody))
    while await notify.redis.zcard(store.QUEUE):
        async with running(notify):
            before = len(notify.relay.mails)
            await until(lambda: len(notify.relay.mails) >= min(before + 7, 60))  # noqa: B023
    assert sorted(notify.relay.recipients()) == sorted(everybody)


async def test_no_letter_is_taken_by_more_than_may_be_in_hand(up: System) -> None:
    up.relay.slowness = 0.05
    await up.join(*(f"m{n}@example.org" for n in range(40)))
    await ask(up, *(login(f"m{n}@example.org", browser=f"b{n}") for n in range(40)))
    most = 0

    async def done() -> bool:
        nonlocal most
        most = max(most, await up.redis.hlen(store.HELD))
        return not await up.redis.zcard(store.QUEUE)

    await until(done, timeout=30)
    assert 0 < most <= send_letters.AT_ONCE
    assert (await letters_of(up)) is not None
