"""The scripts that the crash matrix does without, each with the reason."""

WITHOUT = {
    "append.lua": "an operator's command writes down what it did; it is run again if it dies.",
    "seal.lua": "comes by the clock, once a day; the next look finds the day that is not sealed.",
    "lifecycle/release.lua": "a key that is not freed is free a minute later by itself.",
    "settle.lua": "the answer to a request that changed nothing; asked again it is the same.",
    "control.lua": "an operator's command pauses or ends a delivery; it is run again if it dies, "
    "and what the newsroom asks for is `heed.lua`.",
    "ledger/forget.lua": "comes by the clock, for deliveries of long ago; the next look forgets "
    "what is left.",
    "put_off.lua": "comes with a relay that asks for a pause of minutes; a worker that dies before "
    "it leaves its chunk to another, as at `claim.lua`.",
    "would_reach.lua": "reads only.",
    "look.lua": "reads only.",
    "read_many.lua": "reads only.",
    "keep_hold.lua": "comes by the clock, for letters that take minutes; a hold that is not kept "
    "runs out, and the letter comes again.",
    "end.lua": "an operator's list; killed in `tests/notify/register/test_killed_syncs.py`.",
    "mark_staff.lua": "an operator's list; the command is run again if it dies.",
    "lead.lua": "a start reads the journal; the next start reads all of it again.",
    "skip.lua": "the same.",
    "take.lua": "counts against a relay's limits; what is counted for a process that died is free "
    "again when the limit's time is over.",
    "give_back.lua": "the same.",
    "settle_sizes.lua": "comes after the page; what is asked for stays until it is told.",
    "settle_made.lua": "a picture that was taken in waits until it is made; killed in "
    "`tests/system/test_pictures_kill.py`.",
    "tell_reach.lua": "comes by the clock; the next look tells what is new.",
    "store_mail.lua": "the inbox of a system that is only tried.",
    "forget_previews.lua": "comes by the clock, for previews of long ago; the next look forgets "
    "what is left.",
    "identity/change.lua": "what an admin says of the association; a page shows what is said, and "
    "it is saved again.",
    "store_seal.lua": "the seal of a day; the event comes again until it is kept, as with "
    "`commit.lua`.",
    "drop_gone.lua": "comes by the clock, for processes that are gone for long.",
    "fail.lua": "an event that a service cannot handle; killed in `tests/bus/test_crashes.py`.",
    "pause.lua": "the same.",
    "replay.lua": "an operator's command; it is run again if it dies.",
}
"""By the name that the matrix has for each; see `resp.scripts`."""
