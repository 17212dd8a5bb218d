"""The whole way: somebody submits an alert, and whoever may approve it has a mail that says so."""

import time

import httpx

from tests.make import alert
from tests.system.running import Up
from tests.system.steps import post
from tests.wait import until

WITHIN_SECONDS = 60.0
"""By which approvers are told."""


async def test_an_approver_is_mailed_within_a_minute_and_the_writer_of_a_rejection() -> None:
    with Up(VARSEL_ALERT_APPROVALS="1") as up:
        up.start()

        def mails(subject: str) -> list[dict[str, object]]:
            found = httpx.get(f"{up.url}/inbox/api/messages").json()["messages"]
            return [mail for mail in found if mail["subject"] == subject]

        writer = up.key()
        approver = up.json("keys", "create", "Anne", "--role", "approver")["key"]
        up.json("people", "address", "Anne", stdin="anne@example.org\n")
        up.json("people", "address", "test", stdin="skriver@example.org\n")
        began = time.monotonic()
        article = post(up, writer, alert(title="Et hemmelig varsel")).json()["id"]
        (mail,) = await until(lambda: mails("En sak venter på deg"), timeout=WITHIN_SECONDS)
        assert time.monotonic() - began < WITHIN_SECONDS
        assert mail["to"] == "anne@example.org"
        whole = httpx.get(f"{up.url}/inbox/api/messages/{mail['id']}").text
        assert f"{up.url}/redaksjon/sak/{article}/" in whole
        assert "hemmelig" not in whole
        answer = httpx.post(
            f"{up.url}/api/articles/{article}/reject",
            json={"note": "Dosen er feil."},
            headers={"Authorization": f"Bearer {approver}"},
        )
        assert answer.status_code == 200, answer.text
        (mail,) = await until(lambda: mails("En sak er sendt tilbake"), timeout=WITHIN_SECONDS)
        assert mail["to"] == "skriver@example.org"
        assert "Dosen" not in httpx.get(f"{up.url}/inbox/api/messages/{mail['id']}").text
