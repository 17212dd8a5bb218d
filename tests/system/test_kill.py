"""G7: SIGKILL of everything in mid-delivery leaves nobody out, and few with a second copy."""

import signal
from collections import Counter
from pathlib import Path

from tests.make import alert
from tests.system.running import Up
from tests.system.steps import complete, inbox, post, receipt
from tests.wait import until

MEMBERS = 900
MOST_TWICE = 64


async def test_g7_kill_9_in_mid_delivery_leaves_nobody_out(tmp_path: Path) -> None:
    file = tmp_path / "medlemmer.csv"
    rows = "".join(f"medlem{n}@example.org,Medlem {n},nb\n" for n in range(MEMBERS))
    file.write_text("email,name,lang\n" + rows)
    with Up() as up:
        up.start()
        key = up.key()
        up.json("members", "import", str(file), "--consent", "Ja takk")
        article = post(up, key, alert()).json()["id"]
        await until(lambda: len(inbox(up)) > 50)
        up.end(signal.SIGKILL)

        up.start()
        before = receipt(up, key, article)
        assert before["open"] > 0, "it was over before the kill; the test shows nothing"
        done = await complete(up, key, article)
        assert (done["audience"], done["handed_over"]) == (MEMBERS, MEMBERS)

        mails = inbox(up)
        reached = Counter(mail["to"] for mail in mails)
        assert len(reached) == MEMBERS
        assert len(mails) - MEMBERS <= MOST_TWICE
        assert len({mail["message_id"] for mail in mails}) == MEMBERS, "a copy has its own id"
