"""What tests of the stack do, and see from outside."""

from collections import Counter
from typing import Any

from tests.containers.stack import Stack
from tests.make import alert
from tests.wait import until


def post(stack: Stack, key: str, title: str) -> str:
    """Post a new alert; its id, once it was answered with 201."""
    answer = stack.post(key, alert(title=title).model_dump(mode="json"))
    assert answer.status_code == 201, answer.text
    assert answer.json()["status"] == "published"
    return str(answer.json()["id"])


def sums(stack: Stack, key: str, article: str) -> dict[str, Any] | None:
    """The receipt, which must add up whenever there is one (G6)."""
    receipt = stack.receipt(key, article)
    if receipt and receipt["state"] != "none":
        parts = ("handed_over", "failed", "suppressed", "open")
        assert receipt["audience"] == sum(receipt[part] for part in parts)
    return receipt


async def in_mid_delivery(stack: Stack, key: str, article: str) -> None:
    def under_way() -> bool:
        receipt = sums(stack, key, article)
        return bool(receipt and receipt["handed_over"] > 0)

    await until(under_way, 30)
    receipt = sums(stack, key, article)
    assert receipt
    assert receipt["open"] > 0, "it was over before the kill; the test shows nothing"


async def complete(stack: Stack, key: str, article: str) -> dict[str, Any]:
    def done() -> dict[str, Any] | None:
        receipt = sums(stack, key, article)
        return receipt if receipt and receipt["state"] == "complete" else None

    found = await until(done, 90)
    assert found
    return found


async def everybody_has_it(
    stack: Stack, key: str, article: str, title: str, members: set[str], *, at_most_twice: int
) -> None:
    receipt = await complete(stack, key, article)
    assert receipt["handed_over"] == receipt["audience"] == len(members)
    mails = stack.mails(title)
    times = Counter(mail["to"][0]["address"] for mail in mails)
    assert set(times) == members
    assert len(mails) - len(members) <= at_most_twice
    ids = {(mail["to"][0]["address"], mail["headers"]["message-id"]) for mail in mails}
    assert len(ids) == len(members), "a copy has another Message-ID"
