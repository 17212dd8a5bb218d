"""A person says at which address they hear of things, behind a link that works once."""

from datetime import timedelta

import pytest
from redis.asyncio import Redis

from services.notify.staff.store import LINKS
from tests.notify.letters.steps import mail_to, said
from tests.notify.staff.steps import (
    AT_HOME,
    AT_WORK,
    KARI,
    OLA,
    all_of_redis,
    gone,
    link_for,
    staff_of,
    tell,
    visitor,
)
from tests.notify.system import System, serving


async def test_a_person_gives_their_address_and_a_letter_confirms_it(notify: System) -> None:
    async with serving(notify) as service:
        token, wanted = link_for(KARI)
        await tell(notify, wanted)
        person = visitor(service, notify)
        page = await person.send(f"/beskjed/{token}/", epost=AT_HOME, maal="nn")
        assert page.status_code == 200
        assert page.url.path == "/beskjed/takk/"
        kept = await (await staff_of(notify)).address(KARI)
        assert kept and (kept.email, kept.lang) == (AT_HOME, "nn")
        assert "kva saka handlar om" in said(await mail_to(notify, AT_HOME)).replace("\n", " ")
        assert b"hemmelig" not in await all_of_redis(notify.redis)


async def test_whoever_has_the_newsroom_in_nynorsk_reads_this_page_in_it_too(
    notify: System,
) -> None:
    async with serving(notify) as service:
        token, wanted = link_for(KARI)
        await tell(notify, wanted)
        person = visitor(service, notify)
        page = await person.open(f"/beskjed/{token}/?maal=nn")
        assert '<html lang="nn">' in page.text
        assert "Kvar skal vi gje deg beskjed?" in page.text
        wrong = await person.fill(page, epost="kari")
        assert "Adressa må ha nøyaktig éin @" in wrong.text
        thanks = await person.fill(wrong, epost=AT_HOME)
        assert (thanks.url.path, thanks.url.query) == ("/beskjed/takk/", b"maal=nn")
        assert "Adressa er lagra" in thanks.text
        over = await person.open(f"/beskjed/{token}/?maal=nn")
        assert "Lenkja verkar ikkje" in over.text


async def test_looking_at_the_page_changes_nothing(notify: System) -> None:
    async with serving(notify) as service:
        token, wanted = link_for(KARI)
        await tell(notify, wanted)
        person = visitor(service, notify)
        for _ in range(3):
            assert (await person.open(f"/beskjed/{token}/")).status_code == 200
        assert await notify.redis.hlen(LINKS) == 1


async def test_a_link_works_once(notify: System) -> None:
    async with serving(notify) as service:
        token, wanted = link_for(KARI)
        await tell(notify, wanted)
        first, second = visitor(service, notify), visitor(service, notify)
        seen = await second.open(f"/beskjed/{token}/")
        await first.send(f"/beskjed/{token}/", epost=AT_HOME)
        late = await second.fill(seen, epost=AT_WORK)
        assert late.status_code == 404
        kept = await (await staff_of(notify)).address(KARI)
        assert kept and kept.email == AT_HOME


async def test_a_link_of_somebody_revoked_and_one_whose_time_is_over_do_not_work(
    notify: System,
) -> None:
    async with serving(notify) as service:
        (karis, of_kari), (olas, of_ola) = link_for(KARI), link_for(OLA, timedelta(seconds=-1))
        await tell(notify, of_kari, of_ola, gone(KARI))
        for token in (karis, olas, "x" * 43, "kort"):
            page = await visitor(service, notify).open(f"/beskjed/{token}/")
            assert page.status_code == 404
            assert "ny lenke" in page.text


async def test_links_whose_time_is_over_do_not_stay(notify: System) -> None:
    async with serving(notify):
        old = [link_for(KARI, timedelta(seconds=-1))[1] for _ in range(3)]
        await tell(notify, *old, link_for(KARI)[1])
        assert await notify.redis.hlen(LINKS) == 1


async def test_a_link_heard_of_after_its_person_had_gone_does_not_work(notify: System) -> None:
    async with serving(notify) as service:
        await tell(notify, gone(KARI))
        token, wanted = link_for(KARI)
        await tell(notify, wanted)
        assert (await visitor(service, notify).open(f"/beskjed/{token}/")).status_code == 404


async def test_a_link_heard_of_after_its_time_does_not_stay(notify: System) -> None:
    async with serving(notify):
        await tell(notify, link_for(KARI)[1])
        await tell(notify, link_for(OLA, timedelta(seconds=-1))[1])
        assert await notify.redis.hlen(LINKS) == 1


@pytest.mark.parametrize("typed", ["", "kari", "kari@", "kari@eksempel", "kåri@example.org"])
async def test_an_address_that_mail_cannot_reach_is_refused_and_the_link_still_works(
    notify: System, typed: str
) -> None:
    async with serving(notify) as service:
        token, wanted = link_for(KARI)
        await tell(notify, wanted)
        person = visitor(service, notify)
        page = await person.send(f"/beskjed/{token}/", epost=typed)
        assert page.status_code == 422
        assert "Må rettes" in page.text
        assert f'value="{typed}"' in page.text
        assert await (await staff_of(notify)).address(KARI) is None
        assert (await person.fill(page, epost=AT_HOME)).status_code == 200


async def test_a_form_of_another_site_gives_no_address(notify: System) -> None:
    async with serving(notify) as service:
        token, wanted = link_for(KARI)
        await tell(notify, wanted)
        person = visitor(service, notify)
        for headers in ({"Sec-Fetch-Site": "cross-site"}, {"Origin": "https://evil.example.org"}):
            answer = await person.http.post(
                f"/beskjed/{token}/", data={"epost": AT_WORK}, headers=headers
            )
            assert answer.status_code == 403
        assert await (await staff_of(notify)).address(KARI) is None


async def test_an_address_by_command_takes_the_place_of_the_one_before(
    notify: System, redis: Redis
) -> None:
    async with serving(notify):
        staff = await staff_of(notify)
        await staff.set(KARI, AT_HOME)
        await staff.set(KARI, AT_WORK)
        kept = await staff.address(KARI)
        assert kept and kept.email == AT_WORK
        with pytest.raises(ValueError, match="domenet"):
            await staff.set(KARI, "kari.hemmelig@eksempel")
        with pytest.raises(ValueError, match="id"):
            await staff.set("../kari", AT_HOME)
