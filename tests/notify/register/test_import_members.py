import asyncio
import io
import json
import os
from pathlib import Path

import pytest
from redis.asyncio import Redis

from services.notify.members.member import Member
from services.notify.members.numbers import Cut
from services.notify.members.store import count, leave
from services.notify.register.import_members import ImportWish, import_list, import_members
from services.notify.register.opened import opened
from services.notify.register.reading import read_list
from services.notify.register.reading.list_text import NotAMemberList
from services.notify.register.report import ImportReport
from shared.identity import Identity
from shared.settings import Settings
from tests.notify.steps import dump
from tests.notify.system import System
from tests.system.running import Up

CONSENT = "Jeg vil ha sikkerhetsvarsler på e-post."


async def take(redis: Redis, mine: Settings, text: str) -> ImportReport:
    return await import_members(redis, mine, io.BytesIO(text.encode()), consent=CONSENT)


@pytest.mark.parametrize(
    "text",
    [
        "email,name,lang\nkari@example.org,Kari,nb\nola@example.org,Ola,nn\n",
        "\ufeffemail;name;lang\r\nkari@example.org;Kari;nb\r\nola@example.org;Ola;nn",
        'Lang , NAME,phone,email\nnb,"Kari, jr.",1,kari@example.org\n\nnn,Ola,,ola@example.org\n',
    ],
)
async def test_a_list_is_taken_whatever_its_order_and_separator(
    redis: Redis, mine: Settings, text: str
) -> None:
    report = await take(redis, mine, text)
    assert (report.taken, report.unchanged, report.refused) == (2, 0, [])
    assert await count(redis) == 2


async def test_new_members_without_a_language_get_that_of_the_site(
    redis: Redis, mine: Settings
) -> None:
    identity = Identity(language="nn").model_dump_json()
    await redis.hset("notify:identity", mapping={"version": 1, "data": identity})
    report = await take(redis, mine, "email,name\nkari@example.org,Kari\n")
    assert (report.taken, report.lang) == (1, "nn")
    await take(redis, mine, "email,name,lang\nola@example.org,Ola,en\n")
    async with opened(redis, mine, to_write=False) as here:
        records = await here.members.records([1, 2])
        found = [here.members.open(number, sealed) for number, sealed in records.items()]
    assert {one.email: one.lang for one in found} == {
        "kari@example.org": "nn", "ola@example.org": "en",
    }  # fmt: skip


async def test_importing_twice_changes_nothing(redis: Redis, mine: Settings) -> None:
    text = "email,name,lang\n" + "".join(f"m{n}@example.org,Medlem {n},nb\n" for n in range(1201))
    first = await take(redis, mine, text)
    before = await dump(redis)
    second = await take(redis, mine, text)
    assert (first.taken, first.unchanged) == (1201, 0)
    assert (second.taken, second.unchanged, second.refused_count) == (0, 1201, 0)
    assert await dump(redis) == before


async def test_a_dry_run_tells_all_of_it_and_stores_nothing(redis: Redis, mine: Settings) -> None:
    await take(redis, mine, "email,name,lang\nkari@example.org,Kari,nb\n")
    before, files = await dump(redis), sorted(mine.data.rglob("*"))
    many = "".join(f"m{n}@example.org,Medlem {n},nb\n" for n in range(700))
    text = f"email,name,lang\nkari@example.org,Kari Ås,nb\n{many}m3@example.org,Igjen,nb\nx,X,nb\n"
    wish = ImportWish(CONSENT, update=True)
    source = io.BytesIO(text.encode())
    report = await import_list(redis, mine, source, wish, dry_run=True)
    assert report.is_dry
    assert (report.taken, report.updated, report.unchanged) == (700, 1, 0)
    assert [line for line, _ in report.refused] == [703, 704]
    assert report.sample[0] == ("k•••@example.org", "K••• Å•••", "nb")
    assert len(report.sample) == 10
    assert await dump(redis) == before
    assert sorted(mine.data.rglob("*")) == files


async def test_a_dry_run_in_a_system_that_has_nobody_yet_makes_not_even_keys(
    redis: Redis, mine: Settings
) -> None:
    source = io.BytesIO(WELL)
    report = await import_list(redis, mine, source, ImportWish(CONSENT), dry_run=True)
    assert report.taken == 1
    assert await redis.dbsize() == 0
    assert not list(mine.data.iterdir())


async def test_every_refusal_says_its_line_and_why(redis: Redis, mine: Settings) -> None:
    text = (
        "email,name,lang\n"
        "kari@example.org,Kari,nb\n"
        "kari.example.org,Kari,nb\n"
        "kari@example,Kari,nb\n"
        "kåre@example.org,Kåre,nb\n"
        "ola@example.org,Ola\x07,nb\n"
        f"per@example.org,{'P' * 101},nb\n"
        "pål@example.org,Pål,fr\n"
        "pal@example.org,Pål,fr\n"
        "KARI@EXAMPLE.ORG,Kari igjen,nb\n"
        "eva@example.org,Eva\n"
        "eva@example.org,Eva,nb\n"
    )
    report = await take(redis, mine, text)
    assert report.taken == 2
    assert [line for line, _ in report.refused] == [3, 4, 5, 6, 7, 8, 9, 10, 11]
    reasons = dict(report.refused)
    assert "@" in reasons[3]
    assert "domenet" in reasons[4]
    assert "SMTPUTF8" in reasons[5]
    assert "kontrolltegn" in reasons[6]
    assert "for langt" in reasons[7]
    assert "SMTPUTF8" in reasons[8]
    assert "nb, nn eller en" in reasons[9]
    assert "to ganger" in reasons[10]
    assert "2 kolonner" in reasons[11]
    assert "example.org" not in str(report.refused)


async def test_an_address_twice_is_found_across_batches_also_the_second_time(
    redis: Redis, mine: Settings
) -> None:
    many = "".join(f"m{n}@example.org,,nb\n" for n in range(700))
    text = f"email,name,lang\n{many}m3@example.org,,nb\n"
    for _ in range(2):
        report = await take(redis, mine, text)
        ((line, reason),) = report.refused
        assert line == 702
        assert reason.startswith("adressen står to ganger i filen; ")
    assert await count(redis) == 700


async def test_who_has_left_is_not_signed_up_again(redis: Redis, mine: Settings) -> None:
    text = "email,name,lang\nkari@example.org,Kari,nb\n"
    await take(redis, mine, text)
    await leave(redis, 1)
    report = await take(redis, mine, text)
    ((line, reason),) = report.refused
    assert line == 2
    assert reason.startswith("har meldt seg av; ")
    assert await count(redis) == 0


async def test_a_report_names_the_first_thousand_refusals_and_counts_all(
    redis: Redis, mine: Settings
) -> None:
    report = await take(redis, mine, "email,name,lang\n" + "x,y,z\n" * 1500)
    assert (len(report.refused), report.refused_count) == (1000, 1500)
    assert report.refused[-1][0] == 1001


async def test_somebody_who_adds_meanwhile_takes_nothing_away(
    notify: System, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two imports at once: the numbers that one of them sealed for are gone, and it tries again."""
    monkeypatch.setattr(read_list, "BATCH", 2)
    lists = [
        "".join(f"m{n}@example.org,,nb\n" for n in order) for order in (range(40), range(20, 60))
    ]
    reports = await asyncio.gather(
        *(take(notify.redis, notify.settings, f"email,name,lang\n{text}") for text in lists)
    )
    assert sum(report.taken for report in reports) == 60
    assert sum(report.unchanged for report in reports) == 20
    found = await (await notify.members()).find([f"m{n}@example.org" for n in range(60)])
    assert {one.number for one in found if one} == set(range(1, 61))


async def test_a_file_is_read_with_progress(redis: Redis, mine: Settings, tmp_path: Path) -> None:
    file = tmp_path / "medlemmer.csv"
    text = "email,name,lang\n" + "".join(f"m{n}@example.org,,nb\n" for n in range(1100))
    file.write_text(text)
    told: list[tuple[int, int]] = []
    report = await import_members(
        redis, mine, file, consent=CONSENT, progress=lambda read, all_: told.append((read, all_))
    )
    assert report.taken == 1100
    assert told[-1] == (len(text), len(text))
    assert told == sorted(told)
    assert len(told) == 3


ROWS = "kari@example.org;Kari;nb\nola@example.org;Ola;nn\n"


@pytest.mark.parametrize(
    "text",
    [
        f"sep=;\r\nemail;name;lang\r\n{ROWS}",
        f"\ufeffSEP=;\nemail;name;lang\n{ROWS}",
        "email\tname\tlang\n" + ROWS.replace(";", "\t"),
        "sep=\t\nemail\tname\tlang\n" + ROWS.replace(";", "\t"),
        f"E-post;Navn;Språk\n{ROWS}",
        f"epost;namn;språk\n{ROWS};;\n",
    ],
)
async def test_what_spreadsheets_and_norwegians_write_is_a_list_too(
    redis: Redis, mine: Settings, text: str
) -> None:
    report = await take(redis, mine, text)
    assert (report.taken, report.refused) == (2, [])


async def test_lines_are_counted_from_the_top_of_the_file(redis: Redis, mine: Settings) -> None:
    text = 'sep=;\nemail;name;lang\n\n"kari@example.org";"Ka\nri";nb\nola;Ola;nb\n'
    report = await take(redis, mine, text)
    assert [line for line, _ in report.refused] == [4, 6]


FIRST_LINE = "kolonnenavnene må stå øverst, som email,name eller E-post, Fornavn, Etternavn"
CSV_UTF8 = "lagre listen som «CSV UTF-8» i Excel"
WELL = b"email,name,lang\nkari@example.org,Kari,nb\n"
NOT_LISTS = {
    "empty": (b"", f"filen er tom; {FIRST_LINE}"),
    "nothing but a byte order mark": (b"\xef\xbb\xbf", f"filen er tom; {FIRST_LINE}"),
    "no header": (
        b"kari@example.org,Kari,nb\n",
        f"kolonnene email og name mangler; {FIRST_LINE}",
    ),
    "two columns missing": (b"lang\nx\n", f"kolonnene email og name mangler; {FIRST_LINE}"),
    "one column missing": (b"email,lang\nx,y\n", f"kolonnen name mangler; {FIRST_LINE}"),
    "only the line of Excel": (b"sep=;\n", f"kolonnene email og name mangler; {FIRST_LINE}"),
    "a column twice": (
        b"email,name,lang,Epost\nx,y,nb,z\n",
        f"kolonnen email står to ganger; {FIRST_LINE}",
    ),
    "a picture": (
        b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + bytes(range(256)),
        f"filen er ikke en tekstfil; {CSV_UTF8}",
    ),
    "an Excel file": (
        b"PK\x03\x04\x14\0",
        "filen er skadet, eller ikke et regneark (.xlsx); kopier listen til et nytt regneark",
    ),
    "an old Excel file": (
        b"\xd0\xcf\x11\xe0\xa1",
        "filen er et gammelt regneark (.xls); åpne den i Excel",
    ),
    "a web page called .xls": (b"\r\n<HTML><table><tr><td>email", "filen er en nettside (HTML)"),
    "a PDF": (b"%PDF-1.7\n", "filen er en PDF; be om listen som CSV"),
    "a first line of another encoding": (
        b"sep=;\r\nepost;navn;spr\x8ck\r\n",
        f"linje 2 skal være kolonnenavnene, men linjen har tegn som ikke kan leses; {CSV_UTF8}",
    ),
}


@pytest.mark.parametrize(("content", "reason"), NOT_LISTS.values(), ids=NOT_LISTS)
async def test_what_is_no_list_of_members_is_told_with_the_way_out_and_stores_nothing(
    redis: Redis, mine: Settings, content: bytes, reason: str
) -> None:
    with pytest.raises(ValueError) as raised:
        await import_members(redis, mine, io.BytesIO(content), consent=CONSENT)
    assert isinstance(raised.value, NotAMemberList)
    assert str(raised.value).startswith(reason)
    assert "example.org" not in str(raised.value)
    assert await redis.dbsize() == 0
    assert not list(mine.data.iterdir())


async def test_a_list_that_can_be_read_only_once_is_refused(redis: Redis, mine: Settings) -> None:
    end, other = os.pipe()
    with os.fdopen(other, "wb") as writing:
        writing.write(WELL)
    with os.fdopen(end, "rb") as pipe, pytest.raises(NotAMemberList, match="lagre den som en fil"):
        await import_members(redis, mine, pipe, consent=CONSENT)
    assert await redis.dbsize() == 0


async def test_a_consent_is_kept_with_the_first_member_taken(redis: Redis, mine: Settings) -> None:
    await take(redis, mine, "email,name,lang\nkari,Kari,nb\n")
    assert not await redis.exists("notify:consents")
    await take(redis, mine, "email,name,lang\nkari@example.org,Kari,nb\n")
    (kept,) = await redis.hvals("notify:consents")
    await import_members(redis, mine, io.BytesIO(WELL), consent="Noe annet")
    assert await redis.hvals("notify:consents") == [kept]


async def test_members_without_a_consent_are_not_taken(redis: Redis, mine: Settings) -> None:
    with pytest.raises(ValueError, match="samtykket"):
        await import_members(redis, mine, io.BytesIO(b"email,name,lang\n"), consent=" ")


async def test_the_words_of_a_consent_are_kept_and_each_record_names_them(notify: System) -> None:
    await take(notify.redis, notify.settings, "email,name,lang\nkari@example.org,Kari,nb\n")
    ((short, kept),) = (await notify.redis.hgetall("notify:consents")).items()
    assert CONSENT in kept.decode()
    members = await notify.members()
    audience = await members.audience(Cut(1, 0), [1])
    kari = Member("kari@example.org", "Kari", "nb", short.decode())
    assert members.open(1, audience.reachable[1]) == kari


async def test_the_command_says_in_a_sentence_that_the_secret_key_is_another(
    notify: System, redis_url: str, tmp_path: Path
) -> None:
    await notify.members()  # seals
    file = tmp_path / "medlemmer.csv"
    file.write_text("email,name,lang\nkari@example.org,Kari,nb\n")
    another = {"VARSEL_REDIS_URL": redis_url, "VARSEL_SECRET_KEY": "en annen " * 4}
    with Up(**another) as up:
        done = up.run("members", "import", str(file), "--consent", CONSENT, "--json")
    assert done.returncode == 1
    said = json.loads(done.stdout)["error"]
    assert said.startswith("Medlemmenes opplysninger er forseglet med en annen VARSEL_SECRET_KEY.")
    assert await count(notify.redis) == 0


NEW = "email,name,lang\nkari@example.org,Kari Ås,nn\nola@example.org,Ola,nb\nper@example.org,,nb\n"


async def test_a_known_member_with_a_new_name_or_language_is_told_and_stays_as_they_are(
    redis: Redis, mine: Settings
) -> None:
    await take(
        redis,
        mine,
        "email,name,lang\nkari@example.org,Kari,nb\nola@example.org,Ole,nb\n"
        "per@example.org,Per,nb\n",
    )
    before = await dump(redis)
    report = await take(redis, mine, NEW)
    assert await dump(redis) == before
    assert (report.taken, report.unchanged, report.updated) == (0, 1, 0)
    assert report.differing == [
        (2, "navnet og språket er nye; ta det inn med --update"),
        (3, "navnet er nytt; ta det inn med --update"),
    ]
    assert report.differing_count == 2


async def test_update_takes_the_new_name_and_language_but_no_empty_name(notify: System) -> None:
    old = (
        "email,name,lang\n"
        "kari@example.org,Kari,nb\n"
        "ola@example.org,Ole,nb\n"
        "per@example.org,Per,nb\n"
    )
    await take(notify.redis, notify.settings, old)
    report = await import_members(
        notify.redis, notify.settings, io.BytesIO(NEW.encode()), consent="Noe annet", update=True
    )
    assert (report.taken, report.unchanged, report.updated, report.differing) == (0, 1, 2, [])
    members = await notify.members()
    kept = {
        n: members.open(n, sealed)[:3] for n, sealed in (await members.records([1, 2, 3])).items()
    }
    assert kept == {
        1: ("kari@example.org", "Kari Ås", "nn"),
        2: ("ola@example.org", "Ola", "nb"),
        3: ("per@example.org", "Per", "nb"),
    }
    assert len(await notify.redis.hvals("notify:consents")) == 1
    again = await take(notify.redis, notify.settings, NEW)
    assert (again.unchanged, again.differing) == (3, [])


async def test_the_command_lists_what_is_new_and_takes_it_with_update(
    notify: System, redis_url: str, tmp_path: Path
) -> None:
    await take(notify.redis, notify.settings, "email,name,lang\nkari@example.org,Kari,nb\n")
    file = tmp_path / "medlemmer.csv"
    file.write_text("email,name,lang\nkari@example.org,Kari,nn\n")
    secret = notify.settings.data / "secret-key"
    key = {"VARSEL_SECRET_KEY_FILE": str(secret)} if secret.exists() else {}
    with Up(VARSEL_REDIS_URL=redis_url, **key) as up:
        command = ("members", "import", str(file), "--consent", CONSENT)
        told = up.run(*command)
        asked = json.loads(up.run(*command, "--json").stdout)
        done = json.loads(up.run(*command, "--json", "--update").stdout)
    assert "Har nytt navn eller språk i filen: 1." in told.stdout
    assert "språket er nytt; ta det inn med --update" in told.stdout
    assert asked["differences"] == [{"line": 2, "what": "språket er nytt; ta det inn med --update"}]
    assert (asked["unchanged"], asked["differing"], asked["updated"]) == (0, 1, 0)
    assert (done["unchanged"], done["differing"], done["updated"]) == (0, 0, 1)
