"""`varsel secrets rotate` while everything runs: nothing stops, and nothing is lost."""

import json
import signal
from pathlib import Path

from standardwebhooks.webhooks import Webhook

from tests.make import alert
from tests.system.running import Up
from tests.system.steps import SECRET, complete, follower, inbox, post, told
from tests.wait import until


async def test_the_secret_key_is_changed_while_alerts_go_out_and_over_a_kill(
    tmp_path: Path,
) -> None:
    file = tmp_path / "medlemmer.csv"
    rows = "".join(f"medlem{n}@example.org,Medlem {n},nb\n" for n in range(300))
    file.write_text("email,name,lang\n" + rows)
    with Up() as up:
        up.start()
        key = up.key()
        up.json("members", "import", str(file), "--consent", "Ja takk")
        former = (up.data / "secret-key").read_text()
        first = post(up, key, alert()).json()["id"]
        assert up.json("secrets", "rotate", "key") == {"rotated": "key", "remove_former": False}
        new = (up.data / "secret-key").read_text()
        assert new != former
        assert len(new.splitlines()) == 1
        assert (await complete(up, key, first))["handed_over"] == 300
        second = post(up, key, alert(title="Et annet varsel")).json()["id"]
        assert (await complete(up, key, second))["handed_over"] == 300, "without a restart"
        up.end(signal.SIGKILL)
        up.start()
        third = post(up, key, alert(title="Et tredje varsel")).json()["id"]
        assert (await complete(up, key, third))["handed_over"] == 300
        assert len({mail["message_id"] for mail in inbox(up)}) == 900
        up.end(signal.SIGTERM)
        (up.data / "secret-key").write_text(former)
        assert "forseglet med en annen" in told(up.run("up"), 1)


async def test_a_secret_that_others_keep_is_changed_in_words() -> None:
    old, new = "o" * 32, "n" * 32
    with Up(VARSEL_SECRET_KEY=old) as up:
        up.start()
        assert "linje over den gamle" in told(up.run("secrets", "rotate", "key"), 1)
        up.env["VARSEL_SECRET_KEY"] = f"{new}\n{old}"
        said = told(up.run("secrets", "rotate", "key"), 0)
        assert "Ta bort linjene under" in said
        assert new not in said
        up.end(signal.SIGTERM)
        up.env["VARSEL_SECRET_KEY"] = new
        up.start()


async def test_a_follower_has_both_secrets_until_it_has_changed() -> None:
    async with follower() as (hook, posts):
        with Up(VARSEL_WEBHOOKS=json.dumps([{"url": hook, "secret": SECRET}])) as up:
            begun = up.json("secrets", "rotate", "webhook", hook)
            told(up.run("secrets", "rotate", "webhook", "https://other.example.org/"), 1)
            told(up.run("secrets", "rotate", "webhook", hook, "--done"), 1)
            up.env["VARSEL_WEBHOOKS"] = json.dumps(begun["webhooks"])
            told(up.run("secrets", "rotate", "webhook", hook), 1)
            done = up.json("secrets", "rotate", "webhook", hook, "--done")
            assert done["webhooks"] == [{"url": hook, "secret": begun["secret"]}]
            up.start()
            post(up, up.key(), alert())
            await until(lambda: posts)
            for secret in (SECRET, begun["secret"]):
                assert Webhook(secret).verify(*posts[0])["type"] == "page.published"
