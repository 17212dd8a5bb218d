"""Member lists as Excel, LibreOffice, databases and membership systems write them."""

import io

import pytest
from redis.asyncio import Redis

from services.notify.members.numbers import Cut
from services.notify.members.store import count
from services.notify.register.import_members import import_members
from services.notify.register.report import ImportReport
from shared.settings import Settings
from tests.notify.system import System

HEADER = "email,name,lang\n"
KARI = "kari@example.org,Kari,nb\n"
OLA = "ola@example.org,Ola,nn\n"
NORWEGIAN = (
    "E-postadresse;Navn;Målform\r\n"
    "kari@example.org;Kåre Ås;Bokmål\r\n"
    "ola@example.org;Bjørg;Nynorsk\r\n"
)


async def take(redis: Redis, mine: Settings, content: str | bytes) -> ImportReport:
    raw = content.encode() if isinstance(content, str) else content
    return await import_members(redis, mine, io.BytesIO(raw), consent="Ja")


WHOLE: dict[str, str | bytes] = {
    "rows shorter by empty cells": (
        "email,lang,name,phone\nkari@example.org,nb\nola@example.org,nn,Ola\n"
    ),
    "rows longer by empty cells": HEADER + KARI.strip() + ",,\n" + OLA.strip() + ", ,\u00a0\n",
    "a header that ends with a delimiter": (
        "email;name;lang;\nkari@example.org;Kari;nb;\nola@example.org;Ola;nn\n"
    ),
    "a header that ends with many": (
        "email;name;lang;;;\nkari@example.org;Kari;nb\nola@example.org;Ola;nn;;;\n"
    ),
    "a semicolon in a quoted header cell": (
        'email,name,lang,"Merknad; fritekst"\n'
        'kari@example.org,Kari,nb,"a; b"\n'
        "ola@example.org,Ola,nn,\n"
    ),
    "a comma in a quoted header cell": (
        '"Merknad, fritekst";email;name;lang\n'
        '"a, b";kari@example.org;Kari;nb\n'
        ";ola@example.org;Ola;nn\n"
    ),
    "a tab in a quoted header cell": (
        '"Mer\tknad",email,name,lang\n,kari@example.org,Kari,nb\n,ola@example.org,Ola,nn\n'
    ),
    "a line break in a quoted header cell": (
        'email,"Merknad\n'
        '(fritekst)",name,lang\n'
        "kari@example.org,,Kari,nb\n"
        "ola@example.org,,Ola,nn\n"
    ),
    "pipes between the columns": (
        "email|name|lang\nkari@example.org|Kari|nb\nola@example.org|Ola|nn\n"
    ),
    "all in quotes": (
        '"email";"name";"lang"\n"kari@example.org";"Kari";"nb"\n"ola@example.org";"Ola";"nn"\n'
    ),
    "blanks before quotes": (
        'email, "name", lang\nkari@example.org, "Li, Kari", nb\nola@example.org, "Ola" , nn\n'
    ),
    "U+FEFF before an address": HEADER + "\ufeff" + KARI + OLA,
    "U+200B after an address": HEADER + KARI.replace(",", "\u200b,", 1) + OLA,
    "hard spaces around an address": HEADER + "\u00a0" + KARI.replace(",", "\u202f,", 1) + OLA,
    "a soft hyphen and a direction mark": HEADER + "\u00ad" + KARI + "\u200e" + OLA,
    "unseen characters around the names of columns": "\u200bemail\u00a0,name ,\ufefflang\n"
    + KARI
    + OLA,
    "a byte order mark and Excel's line": ("\ufeffsep=;\nemail;name;lang\n")
    + (KARI + OLA).replace(",", ";"),
    "Excel's line with the other columns' delimiters": "sep=,,,\nemail,name,lang\n" + KARI + OLA,
    "empty lines above": "\n;;\n\r\n" + (HEADER + KARI + OLA).replace(",", ";"),
    "rows of blanks between": HEADER + KARI + ",,\n , ,\u00a0\n\u200b\n" + OLA,
    "a name with quotes that were not doubled": HEADER + 'kari@example.org,"Bosse" Li,nb\n' + OLA,
    "and in quotes": HEADER + 'kari@example.org,"Kari "Bosse" Li",nb\n' + OLA,
    "a name with quotes inside": HEADER + 'kari@example.org,Kari "Bosse" Li,nb\n' + OLA,
    "a single quote mark inside a name": HEADER + 'kari@example.org,Kari 5" Li,nb\n' + OLA,
    "quotes with a backslash, as databases write": HEADER
    + 'kari@example.org,"Kari \\"Bosse\\" Li","nb"\n'
    + OLA,
    "a line break in a cell that nobody asked for": (
        'email,name,lang,x\nkari@example.org,Kari,nb,"a\nb"\nola@example.org,Ola,nn,\n'
    ),
    "a line break after an address": HEADER + '"kari@example.org\n",Kari,nb\n' + OLA,
    "UTF-16 with a byte order mark": NORWEGIAN.encode("utf-16"),
    "big endian": b"\xfe\xff" + NORWEGIAN.encode("utf-16-be"),
    "UTF-16 without": NORWEGIAN.encode("utf-16-le"),
    "big endian without": NORWEGIAN.encode("utf-16-be"),
    "what Excel calls Unicode text": NORWEGIAN.replace(";", "\t").encode("utf-16"),
    "Windows-1252": NORWEGIAN.encode("cp1252"),
    "both UTF-8 and Windows-1252": NORWEGIAN[:60].encode() + NORWEGIAN[60:].encode("cp1252"),
    "ends of lines of an old Mac": NORWEGIAN.replace("\r\n", "\r"),
    "letters in two parts, as a Mac writes": NORWEGIAN.replace("å", "a\u030a"),
    "E-postadresse, Fornavn, Etternavn and Målform": (
        "Fornavn;Etternavn;E-postadresse;Målform\n"
        "Kari;Li;kari@example.org;Bokmål\n"
        "Ola;;ola@example.org;NYNORSK\n"
    ),
    "names with marks": (
        "E-post:;Fullt navn *;Språk/\nkari@example.org;Kari;nb-NO\nola@example.org;Ola;nn_NO\n"
    ),
    "in Nynorsk": (
        "Epostadresse;Førenamn;Etternamn;Målform\n"
        "kari@example.org;Kari;Li;bokmål\n"
        "ola@example.org;Ola;Ås;nynorsk\n"
    ),
    "in English": (
        "Email Address,First Name,Last Name,Language\n"
        "kari@example.org,Kari,Li,nb\n"
        "ola@example.org,Ola,Ås,nn\n"
    ),
    "many further columns": (
        "Medlemsnr;E-post;Navn;Målform;Adresse;Postnr;Telefon;Innmeldt\n"
        "1;kari@example.org;Kari;nb;Gata 1;0150;+47 1;2020-01-01\n"
        "2;ola@example.org;Ola;nn;;;;\n"
    ),
    "two further columns with one name": "email,name,lang,x,x\n" + KARI.strip() + ",1,2\n" + OLA,
    "no language, as KlubbAdmin has none": (
        "Fornavn;Etternavn;Fødselsdato;Kjønn;E-postadresse;Postnummer;Telefonnummer\n"
        "Kari;Li;01.02.1980;Kvinne;kari@example.org;0150;90000000\n"
        "Ola;Ås;;;ola@example.org;;\n"
    ),
    "a title and a date above the names": (
        "Medlemsliste for Foreningen;;\nUtskrift 28.11.2026;;\n\n"
        "Navn;E-post;Språk\nKari;kari@example.org;nb\nOla;ola@example.org;nn\n"
    ),
    "a title with a quote mark above the names": (
        'Liste "A\nNavn;E-post;Språk\nKari;kari@example.org;nb\nOla;ola@example.org;nn\n'
    ),
    "addresses as links": HEADER + "mailto:" + KARI + "<ola@example.org>,Ola,nn\n",
    "an address with its name": HEADER + "Kari Li <kari@example.org>,Kari,nb\n" + OLA,
    "what keeps a cell of Excel text": HEADER
    + "'"
    + KARI
    + '"=""ola@example.org""","=""Ola""",nn\n',
    "a semicolon after an address": HEADER + "kari@example.org;,Kari,nb\n" + OLA,
}


@pytest.mark.parametrize("content", WHOLE.values(), ids=WHOLE)
async def test_a_list_is_taken_whole_as_programs_write_it(
    redis: Redis, mine: Settings, content: str | bytes
) -> None:
    report = await take(redis, mine, content)
    assert (report.taken, report.refused) == (2, [])


BAD: dict[str, tuple[str | bytes, str]] = {
    "more cells than columns": ("x@example.org,Li, Kari,nb\n", "4 kolonner"),
    "fewer": ("x@example.org\n", "1 kolonne,"),
    "a quote that is never closed": ('x@example.org,"Ola,nb\n', "anførselstegn"),
    "a quote that is closed too early and again opened": (
        'x@example.org,"Ola" "O.,nb\n',
        "anførselstegn",
    ),
    "a quote at the start of the line": ('"x@example.org,Ola,nb\n', "anførselstegn"),
    "nothing but a quote": ('"\n', "anførselstegn"),
    "neither UTF-8 nor Windows-1252": (b"x@example.org,K\x81re,nb\n", "ikke kan leses"),
    "of an old Mac": ("x@example.org,Kåre Bjørn,nb\n".encode("mac-roman"), "ikke kan leses"),
    "both in one line": ("x@example.org,Kåre ".encode() + b"\xc5s,nb\n", "ikke kan leses"),
    "UTF-8 read as Windows-1252": ("x@example.org,KÃ¥re,nb\n", "blitt feil"),
    "letters that were lost": ("x@example.org,K\ufffdre,nb\n", "blitt feil"),
    "letters that became question marks": ("x@example.org,K?re,nb\n", "blitt feil"),
    "a line of 200,000 characters": ("x" * 200_000 + "\n", "65536 tegn"),
    "a zero byte": (b"x@exam\0ple.org,Kari,nb\n", "kontrolltegn"),
    "no address": (",Kari,nb\n", "e-postadressen mangler"),
    "two addresses": ("x@example.org y@example.org,Kari,nb\n", "bare én"),
    "two addresses with a comma": ('"x@example.org,y@example.org",Kari,nb\n', "nøyaktig én @"),
    "a hard space in an address": ("x\u00a0y@example.org,Kari,nb\n", "usynlige tegn"),
    "a zero-width space in an address": ("x\u200by@example.org,Kari,nb\n", "usynlige tegn"),
    "no language": ("x@example.org,Kari,\n", "språket mangler; skriv nb, nn eller en"),
    "a language that we do not write": ("x@example.org,Kari,fransk\n", "nb, nn eller en"),
    "the columns' names again": ("email,name,lang\n", "nøyaktig én @"),
    "a line break in a name": ('x@example.org,"Ka\nri",nb\n', "navnet"),
}


@pytest.mark.parametrize(("line", "reason"), BAD.values(), ids=BAD)
async def test_one_bad_line_is_refused_alone_with_what_to_do(
    redis: Redis, mine: Settings, line: str | bytes, reason: str
) -> None:
    raw = line.encode() if isinstance(line, str) else line
    report = await take(redis, mine, (HEADER + KARI).encode() + raw + OLA.encode())
    ((number, said),) = report.refused
    assert (report.taken, number) == (2, 3)
    assert reason in said
    assert any(word in said for word in ("skriv", "sett", "fjern", "fyll", "del den", "lagre"))
    assert "example.org" not in said
    assert await count(redis) == 2


async def test_a_forgotten_quote_takes_none_of_the_thousand_lines_below(
    redis: Redis, mine: Settings
) -> None:
    below = "".join(f"m{n}@example.org,Medlem,nb\n" for n in range(1000))
    report = await take(redis, mine, f'{HEADER}x@example.org,"Ola,nb\n{below}')
    assert report.taken == 1000
    assert [line for line, _ in report.refused] == [2]


async def test_a_name_is_as_the_cells_say(notify: System) -> None:
    names = {
        '"Bosse" Li': '"Bosse" Li',
        '"Kari ""Bosse"" Li"': 'Kari "Bosse" Li',
        '"Kari "Bosse" Li"': 'Kari "Bosse" Li',
        '"Kari \\"Bosse\\" Li"': 'Kari "Bosse" Li',
        '"Bosse" og "Lasse"': '"Bosse" og "Lasse"',
        '"Li, Kari"': "Li, Kari",
        "\u00a0Kari\u200b ": "Kari",
    }
    rows = "".join(f"m{n}@example.org,{name},nb\n" for n, name in enumerate(names))
    await take(notify.redis, notify.settings, HEADER + rows)
    assert await _names(notify, len(names)) == list(names.values())


async def test_a_name_in_parts_is_put_together(notify: System) -> None:
    rows = (
        "Etternavn;Fornavn;Mellomnavn;Epost;Språk\n"
        "Ås;Kari;;kari@example.org;nb\nLi;Ola;Bø;ola@example.org;nn\n;;;per@example.org;nb\n"
    )
    await take(notify.redis, notify.settings, rows)
    assert await _names(notify, 3) == ["Kari Ås", "Ola Bø Li", ""]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "utf-16-le", "utf-16-be", "cp1252"])
async def test_norwegian_letters_come_through_in_every_encoding(
    notify: System, encoding: str
) -> None:
    await take(notify.redis, notify.settings, NORWEGIAN.encode(encoding))
    assert await _names(notify, 2) == ["Kåre Ås", "Bjørg"]


async def _names(notify: System, count: int) -> list[str]:
    members = await notify.members()
    sealed = await members.audience(Cut(count, 0), range(1, count + 1))
    return [members.open(n, one).name for n, one in sorted(sealed.reachable.items())]
