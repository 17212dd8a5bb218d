"""Pure: the page of the crash matrix, from its lines, and which lines a run has made anew."""

import re
from collections.abc import Sequence

from tests.chaos.versions import MOST_TWICE
from tests.chaos.without import WITHOUT

PAGE = f"""# The crash matrix

What happens when a process is killed at a given command: for every process and every kind of
command from a posted alert to its last mail. `.venv/bin/python -m tests.chaos --matrix --write
docs/crash-matrix.md` makes this page, in about two hours; with `--only PATTERN` those lines alone
are made anew, and the others stay. Each line says when it was made (UTC; of some only the day was
kept). `make chaos KILLS=200` kills at random.

The real processes run as in containers, `varsel up ingest`, `render` and `notify`. Each has proxies
of its own in front of Redis and the relay, so nothing in the product knows of the tests. A proxy
tells each command as it comes, by name, script and stream, and each step of SMTP, also where
several come at once. The journal is a file, so a process that is to be killed tells of that itself,
by three lines that the tests put before it, and waits for the word to go on: `JOURNAL write left`
is the line that says who left, *before* it is written and *after*; `half` is its middle, and
`fsync` is before the disk is asked and after it has confirmed. For each line an alert was posted to
{{members}} members, and a process was killed with SIGKILL (or got SIGTERM, where that is said) when
it came to that command: *before* the command was passed on, or *after* it was done and before its
reply was passed back; of reads that wait for events those replies count that bring some. Of
notify's commands it was the one in the middle of their kind. *Started again*: it was killed in the
middle of its work, started again, and killed at that command of its new life. *In a correction*,
*in a withdrawal*: the alert was corrected or withdrawn when the relay had taken a third of its
mails, and somebody was killed on the way of that: at each kind of command that it brings besides,
and at those that mail. *In a letter*: a member asked for a letter, and somebody was killed at a
command of its way. *In a return*: the alert was delivered, and 40 of its mails came back to
notify's own port (`BOUNCE` are the steps of SMTP there): 37 from one domain, and three of members
who are each alone at theirs. *In a telling*: somebody of the staff was to be told of something. *In
a wish*: staff had the one member tried again whom the alert did not reach. *In a notice*: one was
approved, to 100 members. *In a joining by code*, *a log-in*, *a move*, *a choice* and whatever else
a member does: a member did that on a page or by a letter, and pressed again until it was confirmed.
*In a writing*, *an invitation* and whatever else the staff do: the same in the newsroom. `redis` is
Redis alone; `all at once` is every process and Redis; `operator` is a command of `varsel`, which
was run again.

What was killed was started again with the same settings. When the editor's receipt said that the
delivery was complete, this was looked at from outside, and has to be so in each line:
- Each member got the mail: *lost* is 0 (promises G1 and G7).
- At most {MOST_TWICE} mails came twice for a worker that was killed, none for one that was not or
  that got SIGTERM; each with the same Message-ID (G7). *Twice* is how many did.
- The ledger's counters add up to the audience and agree with its bytes, also on the way, in ten
  looks a second (G6). There is one delivery, of a changed alert two; each is complete, no event is
  pending, and there is no dead letter.
- After a correction each member got the newest version, and nobody the old one only; after a
  withdrawal everyone whom the alert may have reached was told of it, and nobody else. It says so to
  those who had got the alert, in the thread of their own first mail (G9).
- Who was to be told was told of it by one event and one letter. Each whom a notice names has it.
- Each delivery and each wish that was heard is in the journal, and each post that the follower got.
- What a member's page has confirmed is so in Redis, and a leaving, return, move or erasure in the
  journal too: nobody is in the list twice, and a choice comes back with its member.
- Nobody joins twice, or has two addresses, or an old one; a code or a link that is used up has done
  what it is for. An old address that undoes a move ends the sessions of whoever moved it.
- What the newsroom has confirmed is so, once in the audit trail, and told to other services once.
  What was typed is there as it was typed, and nothing is laid aside.
- A letter that was accepted was sent: at most twice, and then with the same Message-ID.
- Each mail that came back is counted once, in the ledger's bytes and in its sums, and is read by
  nobody any more. The 37 are a surge and mark nobody; each of the three has a mark, and one only.
- Once the delivery of the old version was superseded, each worker had at most {MOST_TWICE} mails of
  it on their way. *Late* is how many came.
"""
WITHOUT_LINES = """## Scripts without a line

Each other script has a line above. Of some no alert, letter or page needs that they come about at a
moment, and some are tried elsewhere, killed in the same way:
"""
HEAD = (
    "| killed | at | when | twice | lost | late | ledger | | made |\n"
    "|---|---|---|---|---|---|---|---|---|"
)
_LINE = re.compile(r"^\| (?!killed )[^-]")


def cells(line: str) -> list[str]:
    """What stands in a line of the table."""
    return [cell.strip() for cell in line.strip("|").split("|")]


def lines_of(text: str) -> list[str]:
    """The lines of the table that a page has."""
    return [line for line in text.splitlines() if _LINE.match(line)]


def merged(before: Sequence[str], new: Sequence[str]) -> list[str]:
    """The lines of before with the new ones in the place of those about the same kill; new places
    come last."""
    found = {tuple(cells(line)[:3]): line for line in before}
    return list((found | {tuple(cells(line)[:3]): line for line in new}).values())


def page(lines: Sequence[str], members: int) -> str:
    """docs/crash-matrix.md."""
    table = [cells(line) for line in lines]
    came = [row for row in table if row[7] != "did not come"]
    kills = sum(2 if "started again" in row[2] else 1 for row in came)
    twice, lost, late = ([int(row[place]) for row in came] for place in (3, 4, 5))
    sums = (
        f"{len(table)} places, {kills} kills, {sum(lost)} mails lost, at most "
        f"{max(twice, default=0)} twice for one kill, at most {max(late, default=0)} late from one "
        f"worker; {sum('**' in row[7] for row in table)} lines with something wrong."
    )
    return (
        PAGE.format(members=members)
        + f"\n{sums}\n\n{HEAD}\n"
        + "".join(f"{line}\n" for line in lines)
        + f"\n{WITHOUT_LINES}\n"
        + "".join(f"- `{script}`: {why}\n" for script, why in WITHOUT.items())
    )
