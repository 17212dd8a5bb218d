"""Another program of another language finds our signatures whole, and those of changed mail not."""

import base64
import dataclasses
import json
import random
import subprocess
from pathlib import Path
from typing import Any

from services.notify.mail.alert_mail import AlertMail
from services.notify.mail.dkim import Signer, signing_key
from tests.browsers.modules import module
from tests.make import alert, all_alert_fields, revision
from tests.notify.mail.dkim_keys import ed25519_pem, rsa_pem
from tests.notify.mail.reading import HEAD, MARKS_KEY, STARTED, TOKENS, received

SCRIPT = Path(__file__).with_name("verify_dkim.cjs")
WORDS = ("Leverskade", ".", "..", " ", "  ", "\n", "=", "æøå", "x" * 90, "– ")


def verified(signer: Signer, *mails: bytes) -> list[list[dict[str, Any]]]:
    """What mailauth says of each mail's signatures."""
    module("mailauth/package.json")
    records = {f"{key.selector}._domainkey.{signer.domain}": key.record for key in signer.keys}
    asked = {"records": records, "mails": [base64.b64encode(mail).decode() for mail in mails]}
    done = subprocess.run(
        ["node", str(SCRIPT)],
        input=json.dumps(asked),
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
        cwd=SCRIPT.parent,
    )
    found: list[list[dict[str, Any]]] = json.loads(done.stdout)
    return found


def mail(signer: Signer, text: str, number: int) -> bytes:
    article = alert(alert=all_alert_fields())
    assert article.alert
    said = article.alert.model_copy(update={"what_happened": text or "."})
    made = AlertMail(
        revision(article.model_copy(update={"alert": said})),
        delivery="a1b2c3d4e5f6.1",
        started=STARTED,
        head=dataclasses.replace(HEAD, signer=signer),
        marks_key=MARKS_KEY,
    )
    return received(made.fill(number, f"medlem{number}@example.org", "Kåre Ødegård", TOKENS))


def both() -> Signer:
    keys = [signing_key(rsa_pem(), "varsel-rsa"), signing_key(ed25519_pem(), "varsel-ed25519")]
    return Signer(HEAD.domain, keys)


def test_mailauth_finds_both_signatures_whole_whatever_is_said() -> None:
    signer, lot = both(), random.Random(1)
    mails = [
        mail(signer, "".join(lot.choices(WORDS, k=lot.randrange(40))), number)
        for number in range(1, 41)
    ]
    for found in verified(signer, *mails):
        assert {one["algorithm"]: one["result"] for one in found} == {
            "rsa-sha256": "pass",
            "ed25519-sha256": "pass",
        }
        assert "List-Unsubscribe-Post" in found[0]["covers"]


def test_mailauth_finds_a_changed_mail_changed() -> None:
    signer = both()
    whole = mail(signer, "Leverskade.", 7)
    changed = [
        whole.replace(b"Leverskade", b"Leverskake"),
        whole.replace(TOKENS.seal(7).encode(), TOKENS.seal(8).encode(), 1),
        b"List-Unsubscribe: <https://andre.example.org/>\r\n" + whole,
        b"Reply-To: andre@example.org\r\n" + whole,
    ]
    for found in verified(signer, *changed):
        assert "pass" not in {one["result"] for one in found}
