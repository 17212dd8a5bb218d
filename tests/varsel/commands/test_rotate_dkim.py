"""`varsel secrets rotate dkim`: a new key beside the former one, and both sign."""

import json
import os
from datetime import UTC, datetime
from typing import Any

import dkim
import pytest

from services.notify.mail.letterhead import signer
from tests.make import settings
from tests.notify.mail.dkim_keys import ed25519_pem, rsa_pem
from tests.system.running import command

MAIL = (
    b"From: varsel@forening.example.org\r\nTo: kari@example.org\r\nSubject: Hei\r\n"
    b"Date: Sun, 29 Nov 2026 12:00:00 +0000\r\nMessage-ID: <1@forening.example.org>\r\n\r\nHei.\r\n"
)
PEMS = {"rsa": rsa_pem, "ed25519": ed25519_pem}


def rotate(kind: str, environment: dict[str, str], *more: str, code: int = 0) -> dict[str, Any]:
    own = {name: value for name, value in os.environ.items() if not name.startswith("VARSEL_")}
    done = command(
        ["secrets", "rotate", "dkim", kind, *more, "--json"],
        own | {"VARSEL_MAIL_FROM": "varsel@forening.example.org"} | environment,
    )
    assert done.returncode == code, done.stderr
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def as_settings(kind: str, told: dict[str, Any]) -> dict[str, str]:
    name = f"VARSEL_DKIM_{kind.upper()}"
    return {f"{name}_KEY": told["keys"], f"{name}_SELECTOR": told["selectors"]}


def signed(kind: str, environment: dict[str, str]) -> bytes:
    name = f"VARSEL_DKIM_{kind.upper()}"
    made = settings(
        **{f"dkim_{kind}_key": environment[f"{name}_KEY"]},
        **{f"dkim_{kind}_selector": environment[f"{name}_SELECTOR"]},
    )
    found = signer(made, "forening.example.org")
    assert found
    return found.sign(MAIL, datetime.now(UTC)) + MAIL


@pytest.mark.parametrize("kind", PEMS)
def test_while_it_changes_each_mail_is_good_by_the_old_record_and_by_the_new_one(kind: str) -> None:
    name = f"VARSEL_DKIM_{kind.upper()}"
    former = {f"{name}_KEY": PEMS[kind](), f"{name}_SELECTOR": "gammel"}
    [old] = signer(
        settings(**{f"dkim_{kind}_key": PEMS[kind](), f"dkim_{kind}_selector": "gammel"}),
        "forening.example.org",
    ).keys  # type: ignore[union-attr]
    told = rotate(kind, former)
    assert told["selectors"].endswith(",gammel")
    both = as_settings(kind, told)
    records = {
        "gammel._domainkey.forening.example.org.": old.record,
        f"{told['name']}.": told["record"],
    }
    mail = signed(kind, both)
    assert mail.count(b"DKIM-Signature") == 2
    for index in range(2):
        assert dkim.DKIM(mail).verify(
            index, dnsfunc=lambda n, timeout=0: records[n.decode()].encode()
        )
    assert "--done" in rotate(kind, both, code=1)["error"]

    last = as_settings(kind, rotate(kind, both, "--done"))
    assert last[f"{name}_SELECTOR"] == told["selectors"].partition(",")[0]
    mail = signed(kind, last)
    assert mail.count(b"DKIM-Signature") == 1
    assert dkim.verify(mail, dnsfunc=lambda n, timeout=0: records[n.decode()].encode())
    assert rotate(kind, last, "--done", code=1)["error"]


def test_as_many_names_as_keys_are_wanted() -> None:
    with pytest.raises(ValueError, match=r"VARSEL_DKIM_RSA_KEY: has 1 keys, and 2 selectors"):
        signer(settings(dkim_rsa_key=rsa_pem(), dkim_rsa_selector="a,b"), "example.org")
