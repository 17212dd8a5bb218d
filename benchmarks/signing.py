"""What DKIM costs a mail: processor time to make one without a signature, with an Ed25519 one, an
RSA one, and both; in turn, in one run."""

import dataclasses
import time
from collections.abc import AsyncIterator
from datetime import UTC, datetime

from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from benchmarks.deliveries import SENDER
from services.notify.mail.alert_mail import AlertMail
from services.notify.mail.dkim import Signer, SigningKey
from services.notify.mail.text import Letterhead
from services.notify.vault.tokens import Tokens
from tests.make import alert, revision

MAILS = 1000
ROUNDS = 5
_RSA_BITS = 2048


async def measure() -> AsyncIterator[tuple[str, str, str]]:
    head = Letterhead(site="https://varsel.example.org", site_name="Varsel", sender=SENDER)
    keys = {
        "Ed25519": [SigningKey("e", Ed25519PrivateKey.generate())],
        "RSA": [SigningKey("r", rsa.generate_private_key(65537, _RSA_BITS))],
    }
    keys["both"] = [*keys["RSA"], *keys["Ed25519"]]
    signers = {"no": None} | {name: Signer(head.domain, some) for name, some in keys.items()}
    mails = {
        name: AlertMail(
            revision(alert()),
            delivery="a1b2c3d4e5f6.1",
            started=datetime.now(UTC),
            head=dataclasses.replace(head, signer=signer),
            marks_key=bytes(32),
        )
        for name, signer in signers.items()
    }
    best = dict.fromkeys(mails, float("inf"))
    for _ in range(ROUNDS):
        for name, mail in mails.items():
            best[name] = min(best[name], _microseconds(mail))
    for name, least in best.items():
        yield f"a mail with {name} signature", f"{least:.0f} µs of processor time", "reported"


def _microseconds(mail: AlertMail) -> float:
    tokens = Tokens(bytes(32))
    start = time.process_time()
    for number in range(1, MAILS + 1):
        mail.fill(number, f"medlem{number}@example.org", "Åse", tokens)
    return (time.process_time() - start) / MAILS * 1e6
