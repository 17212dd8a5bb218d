"""Pure: what an operator should look at, and what to do about it."""

from collections.abc import Iterator, Sequence

from shared.topology import STREAMS
from varsel.watch.bounces import bounce_problems
from varsel.watch.disk import disk_problems
from varsel.watch.page import page_problem
from varsel.watch.state import GONE, Group, Look, StreamState
from varsel.watch.text import count, events, passes, reason, size, span

WAITS = 120.0
"""Seconds that an event may wait; a page that is not live by then is an alarm too."""
STALLS = 900.0
"""Seconds that a delivery may stand still, as in notify: a relay that defers, or a mailbox that is
full, is nothing unusual before."""
MEMORY = 0.9
"""Part of the memory limit from which on it is a problem."""
_LOADING = 5.0
"""Seconds for Redis to load its data: it counts its uptime from before that, in whole seconds."""
REFUSED_ATTEMPTS = 4
"""Attempts of a post that have failed, from which on it is a problem: about half an hour."""
JUST_STARTED = "just_started"
_NOT_MAILABLE = ("unsafe", "too_large")
"""Causes of a delivery whose text may be mailed to nobody."""

ProblemFound = tuple[str, str]
"""A word for programs, and sentences for people."""


def problems(now: Look) -> list[ProblemFound]:
    """All problems of a look, the worst first."""
    if now.held:  # then its services read nothing, and are to
        return [*_server(now), ("held", _HELD)]
    if not any(stream.groups for stream in now.streams):
        return [*_server(now), ("not_started", _NOT_STARTED)]
    found = (
        _server(now),
        disk_problems(now.disks),
        _stopped(now),
        _dead(now),
        _waiting(now),
        _paused(now),
        _stalled(now),
        _gone(now),
        bounce_problems(now.bounces, now=now.at),
        _failing(now),
    )
    return [problem for some in found for problem in some] or list(_just_started(now))


_HELD = (
    "En sikkerhetskopi er lagt tilbake, og ingenting går ut. Se hva som har skjedd siden, og velg "
    "hva som skal skje, med «varsel resume»."
)
_NOT_STARTED = (
    "Redis er tom. Et nytt system startes med «varsel up». Var det data her: stopp alt, legg "
    "tilbake sikkerhetskopien, og start igjen."
)


def _server(now: Look) -> Iterator[ProblemFound]:
    redis = now.redis
    if not redis.aof:
        yield (
            "aof_off",
            "Den varige loggen er av: et strømbrudd kan ta med seg saker som er bekreftet. "
            "Sett «appendonly yes» for Redis.",
        )
    if redis.aof and not redis.aof_write_ok:
        yield (
            "aof_write",
            "Redis får ikke skrevet til disken, og tar ikke imot noe nytt. Frigjør plass; "
            "den går videre av seg selv.",
        )
    if redis.aof and not redis.aof_rewrite_ok:
        yield (
            "aof_rewrite",
            "Redis fikk ikke komprimert den varige loggen, så den vokser. Er det plass på disken, "
            "og minne til overs?",
        )
    if redis.maxmemory and redis.memory >= MEMORY * redis.maxmemory:
        yield (
            "memory",
            f"Redis bruker {size(redis.memory)} av {size(redis.maxmemory)} minne. Blir det fullt, "
            "tas ingen saker imot. Øk «maxmemory».",
        )


def _just_started(now: Look) -> Iterator[ProblemFound]:
    """Consumers' times restart with Redis: a silent one is not known to be gone for a while."""
    if now.redis.uptime <= GONE + _LOADING:
        yield (
            JUST_STARTED,
            "Redis ble nettopp startet; om tjenestene svarer, vises om et halvt minutt.",
        )


def _failing(now: Look) -> Iterator[ProblemFound]:
    """Followers whose posts have failed so often that it is no restart of theirs."""
    for host, attempts in sorted(now.failing.items()):
        if max(attempts) >= REFUSED_ATTEMPTS:
            posts = "1 melding" if len(attempts) == 1 else f"{count(len(attempts))} meldinger"
            yield (
                "follower_fails",
                f"Følgeren {host} tar ikke imot: {posts} venter, etter {max(attempts)} forsøk. Si "
                "fra til dem. Årsaken står i loggen til notify (post_failed).",
            )


def _groups(now: Look) -> Iterator[tuple[StreamState, Group]]:
    for stream in now.streams:
        for group in stream.groups:
            yield stream, group


def _stopped(now: Look) -> Iterator[ProblemFound]:
    """Services that read nothing: one sentence each."""
    expected = [(name, stream.name) for stream in STREAMS for name in stream.groups]
    there = {(group.name, stream.name): group for stream, group in _groups(now)}
    silent = [place for place in expected if place not in there or not there[place].alive]
    for service in dict.fromkeys(name for name, _ in silent):
        streams = [stream for name, stream in silent if name == service]
        waiting = _waiting_for([there.get((service, stream)) for stream in streams])
        yield (
            "service_stopped",
            f"{service} leser ikke {_list(streams)}; {waiting}. Se dens "
            f"/health/ready. Svarer den ikke: Start {service} igjen, og se loggen.",
        )


def _waiting_for(groups: Sequence[Group | None]) -> str:
    """How much waits for groups without a service. Some may not be there, or Redis cannot tell."""
    known = [group.lag + group.pending for group in groups if group and group.lag is not None]
    if len(known) == len(groups) and not any(known):
        return "ingenting venter"
    all_of_them = events(sum(known)) if len(known) == len(groups) else "hendelsene"
    return f"{all_of_them} blir liggende til den er i gang"


def _dead(now: Look) -> Iterator[ProblemFound]:
    some = [stream for stream in now.streams if stream.dead]
    if some:
        total = sum(stream.dead for stream in some)
        where = _list([stream.name for stream in some])
        yield (
            "dead_letters",
            f"{events(total, dead=True).capitalize()} på {where}. Se årsaken med «varsel dead "
            "list», rett den, og prøv igjen med «varsel dead replay».",
        )


def _waiting(now: Look) -> Iterator[ProblemFound]:
    """Not chunks: they wait for their turn in a long delivery; `_stalled` tells if it stops."""
    for stream, group in _groups(now):
        if stream.name != "chunks" and group.alive and (group.oldest or 0.0) >= WAITS:
            yield (
                "event_waits",
                f"En hendelse på {stream.name} er {span(group.oldest)} gammel, og {group.name} er "
                f"ikke ferdig med den. Venter den på noe, står det i loggen til {group.name} og på "
                "/health/ready.",
            )


def _paused(now: Look) -> Iterator[ProblemFound]:
    """Not deliveries that a person has paused: that person knows."""
    for delivery in now.deliveries:
        if delivery.state == "paused" and delivery.cause == "stale":
            yield (
                "delivery_stale",
                f"Utsendingen av {delivery.article} har stått så lenge at du må bestemme: «varsel "
                f"deliver {delivery.article} --resume» eller «--cancel».",
            )
        elif delivery.state == "paused" and delivery.cause == "unreadable":
            yield (
                "members_unreadable",
                f"Utsendingen av {delivery.article} står: nøkkelen åpner ingens data. Legg tilbake "
                f"sikkerhetskopien, start notify, så «varsel deliver {delivery.article} --resume».",
            )
        elif delivery.state == "paused" and (
            found := page_problem(delivery.article, delivery.cause)
        ):
            yield found
        elif delivery.state == "paused" and delivery.cause in _NOT_MAILABLE:
            yield (
                "delivery_not_mailable",
                f"Utsendingen av {delivery.article} står: {reason(delivery.cause)}. Rett den "
                "med «varsel edit», og bruk så «varsel deliver --resume».",
            )
        elif delivery.state == "paused" and delivery.cause != "operator":
            way_out = (
                "Varsel prøver igjen av seg selv."
                if passes(delivery.cause)
                else "Rett det der eller i VARSEL_SMTP_URL; den går videre av seg selv."
            )
            yield (
                "relay_refuses",
                f"Utsendingen av {delivery.article} står: {reason(delivery.cause)}. {way_out}",
            )


def _stalled(now: Look) -> Iterator[ProblemFound]:
    for delivery in now.deliveries:
        if delivery.state == "paused":
            continue
        quiet = now.at - delivery.quiet_since
        if delivery.under_way and delivery.open and quiet >= STALLS:
            yield (
                "delivery_stalled",
                f"Utsendingen av {delivery.article} har stått i {span(quiet)}; "
                f"{count(delivery.open)} gjenstår. Varsel prøver igjen av seg selv. Tar "
                "e-posttjeneren imot? Se loggen til notify.",
            )


def _gone(now: Look) -> Iterator[ProblemFound]:
    for stream, group in _groups(now):
        left = [consumer for consumer in group.gone if consumer.pending]
        if group.alive and left:
            names = _list([consumer.name for consumer in left])
            yield (
                "consumer_gone",
                f"{names} er borte, med {events(sum(c.pending for c in left))} fra {stream.name}. "
                "De andre overtar innen et par minutter.",
            )


def _list(names: Sequence[str]) -> str:
    *most, last = names
    return f"{', '.join(most)} og {last}" if most else last
