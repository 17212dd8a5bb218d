"""Pure: what an alert with later versions must have become, seen from the relay.

A version is what the members are to know: the alert, each correction after it, and a withdrawal in
the end, which has no text of its own. Each has a delivery of its own.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from tests.chaos.sink import Form, Life, SunkMail

MOST_TWICE = 64
"""Of G7: what a worker may have handed over and not written down when it is killed. As many mails
of an old version may be on their way from a worker when it is superseded."""


@dataclass
class Findings:
    """Of one or more alerts."""

    mailed: int = 0
    lost: int = 0
    """Members whom the relay got no mail for, or only mails of an old version."""
    twice: Counter[Life] = field(default_factory=Counter)
    """Mails that came again later, by who had handed them over before."""
    late: Counter[Life] = field(default_factory=Counter)
    """Mails of a version that was superseded before, by who handed them over."""
    overtaken: int = 0
    """Members whose mail of an old version was on its way for so long that the relay took the new
    one first. A mail program still shows the new one last, by its date."""
    wrong: list[str] = field(default_factory=list)
    """Whatever breaks a promise, in words."""

    def add(self, other: "Findings") -> None:
        self.mailed += other.mailed
        self.lost += other.lost
        self.twice += other.twice
        self.late |= other.late  # the most of each, in one alert
        self.overtaken += other.overtaken
        self.wrong += other.wrong

    @property
    def most_twice(self) -> int:
        return max(self.twice.values(), default=0)

    @property
    def most_late(self) -> int:
        return max(self.late.values(), default=0)


@dataclass(frozen=True)
class Mark:
    """The moment at which a script had superseded the delivery before."""

    mails: int
    """How many the relay had taken until then, of whatever."""
    alive: frozenset[Life]
    """Who may have mails on the way."""


@dataclass(frozen=True)
class Version:
    form: Form
    delivery: str
    mark: Mark | None = None
    """None for the first one, and where nobody saw the script's reply."""


@dataclass(frozen=True)
class Story:
    """One alert: its versions, oldest first, and who may have got what."""

    members: frozenset[str]
    versions: Sequence[Version]
    killed: frozenset[Life] = frozenset()
    in_doubt: Mapping[str, frozenset[str]] = field(default_factory=dict)
    """By delivery, whom it may have reached, for all that its ledger knows: the relay may have
    taken their mail without a word of it coming back, so they are told of what supersedes it."""

    @property
    def newest_text(self) -> int:
        return sum(version.form != "withdrawal" for version in self.versions)

    def version_of(self, mail: SunkMail) -> int:
        """Index of the version that the mail tells its reader of; -1 where there is no such."""
        if mail.form == "withdrawal":
            last = len(self.versions) - 1
            return last if self.versions[last].form == "withdrawal" else -1
        return mail.version - 1 if 0 < mail.version <= self.newest_text else -1


def judge(mails: Sequence[tuple[int, SunkMail]], story: Story) -> Findings:
    """What is wrong with the mails that the relay took for one alert, each with its place among
    all that it took."""
    found = Findings(mailed=len(mails))
    by_recipient: dict[str, list[SunkMail]] = defaultdict(list)
    last: dict[str, int] = {}
    for place, mail in mails:
        by_recipient[mail.recipient].append(mail)
        last[mail.recipient] = place
    if strangers := by_recipient.keys() - story.members:
        found.wrong.append(f"{len(strangers)} recipients who are no members")
    if unknown := sum(story.version_of(mail) < 0 for _, mail in mails):
        found.wrong.append(f"{unknown} mails of no version that there is")
    _everybody_knows(by_recipient, last, story, found)
    _forms(by_recipient, story, found)
    _threads(by_recipient, story, found)
    _twice(by_recipient, story, found)
    _late(mails, story, found)
    return found


def _everybody_knows(
    by_recipient: Mapping[str, Sequence[SunkMail]],
    last: Mapping[str, int],
    story: Story,
    found: Findings,
) -> None:
    """Nobody is left with an old version, nor, but for a withdrawal, with nothing."""
    newest = len(story.versions) - 1
    withdrawn = story.versions[newest].form == "withdrawal"
    without = story.members - by_recipient.keys()
    known = {to: [story.version_of(mail) for mail in same] for to, same in by_recipient.items()}
    only_old = sum(newest not in versions for versions in known.values())
    overtaken = [
        to for to, versions in known.items() if newest in versions[:-1] and versions[-1] != newest
    ]
    mark = story.versions[newest].mark
    early = [to for to in overtaken if mark and last[to] < mark.mails]
    found.overtaken = len(overtaken)
    found.lost = only_old + (0 if withdrawn else len(without))
    if without and not withdrawn:
        found.wrong.append(f"{len(without)} members without mail")
    if only_old:
        found.wrong.append(f"{only_old} members with an old version only")
    if early:
        found.wrong.append(f"{len(early)} members with a new version before there was one")


def _forms(by_recipient: Mapping[str, Sequence[SunkMail]], story: Story, found: Findings) -> None:
    """Whoever got an earlier version is told that it is corrected or withdrawn; nobody else is."""
    place = {version.delivery: n for n, version in enumerate(story.versions)}
    wrong: Counter[str] = Counter()
    for recipient, same in by_recipient.items():
        for mail in same:
            n = place.get(mail.delivery, -1)
            if n < 0:
                wrong["mails of another delivery"] += 1
                continue
            before = {version.delivery for version in story.versions[:n]}
            earlier = any(other.delivery in before for other in same)
            maybe = any(recipient in story.in_doubt.get(delivery, ()) for delivery in before)
            if mail.form not in ("alert", story.versions[n].form):
                wrong[f"mails {mail.form} of a delivery {story.versions[n].form}"] += 1
            elif mail.form == "alert" and (earlier or story.versions[n].form == "withdrawal"):
                wrong["mails that do not say what changed"] += 1
            elif mail.form != "alert" and not earlier and not maybe:
                wrong[f"mails {mail.form} to members who had got nothing"] += 1
    found.wrong += [f"{count} {words}" for words, count in wrong.items()]


def _threads(by_recipient: Mapping[str, Sequence[SunkMail]], story: Story, found: Findings) -> None:
    """One Message-ID for each member and delivery, and what follows refers to what went before."""
    ids: dict[tuple[str, str], set[str]] = defaultdict(set)
    owners: dict[str, set[str]] = defaultdict(set)
    names = [version.delivery for version in story.versions]
    older = {name: set(names[:n]) for n, name in enumerate(names)}
    loose = foreign = 0
    for recipient, same in by_recipient.items():
        for mail in same:
            ids[recipient, mail.delivery].add(mail.message_id)
            owners[mail.message_id].add(recipient)
    for recipient, same in by_recipient.items():
        for n, mail in enumerate(same):
            before = older.get(mail.delivery, set())  # one that was overtaken may come later
            earlier = {other.message_id for other in same[:n] if other.delivery in before}
            loose += mail.form != "alert" and not earlier <= mail.references
            loose += mail.form == "alert" and bool(mail.references)
            foreign += any(owners[i] - {recipient} for i in mail.references if i in owners)
    if others := sum(len(same) > 1 for same in ids.values()):
        found.wrong.append(f"{others} members got copies with different Message-IDs")
    if shared := sum(len(recipients) > 1 for recipients in owners.values()):
        found.wrong.append(f"{shared} Message-IDs of several members")
    if loose:
        found.wrong.append(f"{loose} mails outside their thread")
    if foreign:
        found.wrong.append(f"{foreign} mails in another member's thread")


def _twice(by_recipient: Mapping[str, Sequence[SunkMail]], story: Story, found: Findings) -> None:
    for same in by_recipient.values():
        of_delivery: dict[str, list[SunkMail]] = defaultdict(list)
        for mail in same:
            of_delivery[mail.delivery].append(mail)
        for copies in of_delivery.values():
            for mail in copies[:-1]:  # who handed it over did not write it down, or another went on
                found.twice[mail.sender] += 1
    for life, count in found.twice.items():
        if life not in story.killed:
            found.wrong.append(f"{count} mails twice though {life} was not killed")
        elif count > MOST_TWICE:
            found.wrong.append(f"{count} mails twice after {life} was killed")


def _late(mails: Iterable[tuple[int, SunkMail]], story: Story, found: Findings) -> None:
    """Once a version is superseded, only what is on its way may still tell of it."""
    for n, version in enumerate(story.versions):
        mark = version.mark
        if mark is None:
            continue
        late = Counter(
            mail.sender for at, mail in mails if at >= mark.mails and story.version_of(mail) < n
        )
        found.late += late
        for life, count in late.items():
            if life not in mark.alive:
                found.wrong.append(f"{count} mails of an old version by {life}, begun after it")
            elif count > MOST_TWICE:
                found.wrong.append(f"{count} mails of an old version after it, by {life}")
