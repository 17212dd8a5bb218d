"""docs/privacy.md tells of all that a system keeps."""

import math

from tests.docs.privacy import how_long, matching, patterns
from tests.system.everything import keys_of_a_system_with_a_relay, keys_of_a_system_with_an_inbox

NOT_SEEN = {
    "notify:preview",  # there only while a script runs
    "notify:scratch",  # the same
    # Of a mailbox that is read by IMAP: tests/notify/bounces/test_mailbox.py has one.
    "notify:bounces:mailbox",
    "notify:bounces:mailbox:turn",
    # Of staff who made a passkey, or log in by another's account: tests/ingest/newsroom/doors.
    "ingest:passkeys",
    "ingest:accounts",
    "ingest:oidc:{hash}",
    # Of members who made one: tests/notify/member_pages/test_passkeys.py.
    "notify:passkeys:{number}",
    "notify:challenge:{id}",
    "ingest:challenge:{id}",
    # Of staff who let others in: tests/ingest/newsroom/admin/test_people_pages.py.
    "ingest:people:let_in",
    # Of a picture that is damaged: tests/ingest/pictures/test_make_pictures.py.
    "ingest:pictures:refused:{name}",
    # Of a system that somebody watches from outside: tests/ingest/api/test_receipts_key.py.
    "ingest:guard",
    # Of a disk that is full: tests/notify/journal/test_full_disk.py.
    "notify:journal:late",
    # Of a system that is backed up: tests/varsel/backup/test_take_backup.py.
    "backup:newest",
    # Of a system that was restored: tests/system/test_restore.py.
    "{tjeneste}:held",
    "restored",
}


NOT_FOR_LONG = {"render:to_write", "notify:returning", "ingest:pictures:to_make"}
"""There for a moment: while something is written, a member comes back or a picture is made. A look
in between may see it, or not."""


REMOVED = {
    # Their delivery is 400 days old, or done: tests/notify/ledger/test_forget.py.
    *("notify:ledger:{delivery}", "notify:failures:{delivery}", "notify:replies:{delivery}"),
    "notify:bounced:{delivery}",
    # tests/notify/bounces/test_store.py, test_marks_and_surges_are_forgotten_once_they_are_old.
    *("notify:bounces:marks:{n}", "notify:bounces:surges"),
    # Each list within it: tests/notify/register/test_sync_list.py.
    "notify:syncs",
    # By render, as they get old.
    *("render:preview:{id}", "render:previews", "render:sketch:{id}", "render:sketches"),
    # Each link in it, once the next is made.
    "ingest:experts:{article}",
    # Each look, once its time is over.
    *("notify:looks", "notify:looks:due"),
    # With the entries that are as old; an empty one is no key: take_letters.lua.
    "notify:letters:joined",
}
"""Rows with a time that Redis does not know of: what is named beside them removes these keys."""


async def test_every_key_of_a_real_system_is_on_the_privacy_page_and_kept_as_it_says() -> None:
    keys = await keys_of_a_system_with_a_relay() | await keys_of_a_system_with_an_inbox()
    rows = {key: matching(key) for key in keys}
    wrong = {key: life for key, life in keys.items() if not _is_said(rows[key], life)}
    assert wrong == {}, "«hvor lenge» says otherwise"
    assert {key: found for key, found in rows.items() if len(found) != 1} == {}
    seen = {row for found in rows.values() for row in found}
    assert set(patterns()) - seen - NOT_FOR_LONG == NOT_SEEN, (
        "the walk is to have every kind of key"
    )


def _is_said(rows: list[str], life: float) -> bool:
    """Whether a key of these rows may be kept for so many seconds: 0 if nobody saw. One whose term
    was renewed, or is counted from before, may be seen with somewhat less."""
    terms = [term for row in rows for term in how_long(row)]
    if life == 0.0:
        return True
    if math.isinf(life):
        return not terms or bool(REMOVED.intersection(rows))
    return any(0.5 * term <= life <= term for term in terms)
