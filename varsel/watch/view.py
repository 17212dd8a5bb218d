"""Pure: looks at a system as a picture for a terminal, from 80 columns."""

from collections.abc import Iterator, Sequence
from datetime import datetime

from rich.console import Group as Lines
from rich.console import RenderableType
from rich.markup import escape
from rich.progress_bar import ProgressBar
from rich.table import Table
from rich.text import Text

from shared.oslo import OSLO, oslo
from varsel.watch.disk import disk_lines, room
from varsel.watch.problems import JUST_STARTED, MEMORY, ProblemFound, problems
from varsel.watch.state import (
    DeliveryLook,
    Group,
    Look,
    Server,
    StreamState,
    delivery_rate,
    seconds_left,
    stream_rate,
)
from varsel.watch.text import KINDS, STATES, count, rate, size, span

WIDE = 120
"""Columns from which on there is room for more."""
LAST = 5
"""Completed deliveries that are shown."""
_AROUND = 9
"""Lines beside the rows for problems, groups and deliveries."""
_PROBLEM = 2
"""Lines of a problem, at most."""


def view(
    looks: Sequence[Look], *, width: int, height: int | None = None, away: str | None = None
) -> RenderableType:
    """The latest of `looks`, with what the earlier ones add.

    `height` is that of the screen; none if the picture may be as long as it is. `away` says
    since when and why there is nothing newer.
    """
    now, wide = looks[-1], width >= WIDE
    found = problems(now)
    groups = sum(len(stream.groups) or 1 for stream in now.streams)
    rows = groups + len(disk_lines(now.disks))
    free = None if height is None else height - _AROUND - rows
    most = len(found) if free is None else max((free - 2) // _PROBLEM, 1)
    if away:
        top, lines = [_away(away)], 1
    else:
        top = [_summary(now, found), *_problems(found, most)]
        lines = _PROBLEM * min(len(found), most) + (len(found) > most)
    left = None if free is None else max(free - lines, 1)
    parts = (_streams(looks, wide=wide), _redis(now), _deliveries(looks, left, wide=wide))
    return Lines(*top, *(line for part in parts for line in ("", part)))


def _away(why: str) -> RenderableType:
    return Text(f"Varsel: {why}\nTallene under er fra før det.", style="bold red")


def _summary(now: Look, found: Sequence[ProblemFound]) -> RenderableType:
    line = Table.grid(expand=True)
    line.add_column()
    line.add_column(justify="right")
    if [word for word, _ in found] == [JUST_STARTED]:
        said = Text("Varsel: nettopp startet", style="bold yellow")
    elif found:
        said = Text(f"Varsel: {len(found)} ting å se på", style="bold red")
    else:
        said = Text("Varsel: alt er i orden", style="bold green")
    line.add_row(said, Text(f"kl. {datetime.fromtimestamp(now.at, OSLO):%H.%M.%S} norsk tid"))
    return line


def _problems(found: Sequence[ProblemFound], most: int) -> Iterator[RenderableType]:
    if found:
        lines = Table.grid(padding=(0, 1))
        for _, text in found[:most]:
            lines.add_row(Text("!", style="bold red"), Text(text))
        yield lines
    if len(found) > most:
        yield f"[dim]  og {len(found) - most} til; «varsel watch --once» viser alle[/]"


def _table(columns: Sequence[str], *, texts: Sequence[str], wide: bool) -> Table:
    """`texts` are the columns whose cells may be folded; the others are numbers, and never cut."""
    table = Table(box=None, pad_edge=False, padding=(0, 2 if wide else 1, 0, 0))
    table.header_style = "dim"
    for name in columns:
        if name in texts:
            table.add_column(name, overflow="fold")
        else:
            table.add_column(name, justify="right", no_wrap=True)
    return table


def _streams(looks: Sequence[Look], *, wide: bool) -> Table:
    names = ["Strøm", "Lengde", "Per s", "Døde", "Tjeneste", "I kø", "I arbeid", "Eldste", "I gang"]
    more = ["Hvem"] if wide else []
    table = _table([*names, *more], texts=["Strøm", "Tjeneste", "I gang", "Hvem"], wide=wide)
    for stream in looks[-1].streams:
        of_stream = _stream_cells(looks, stream)
        for group in stream.groups or [None]:
            who = [_who(group)] if wide else []
            table.add_row(*of_stream, *_group_cells(group), *who)
            of_stream = [""] * len(of_stream)
    return table


def _stream_cells(looks: Sequence[Look], stream: StreamState) -> list[str]:
    return [
        stream.name,
        count(stream.length),
        rate(stream_rate(looks, stream.name)),
        _marked(count(stream.dead), wrong=stream.dead > 0),
    ]


def _group_cells(group: Group | None) -> list[str]:
    if group is None:
        return ["–"] * 5
    gone = f", {len(group.gone)} borte" if group.gone else ""
    left_behind = not group.alive or any(consumer.pending for consumer in group.gone)
    return [
        escape(group.name),
        count(group.lag),
        count(group.pending),
        span(group.oldest),
        _marked(f"{group.alive or 'ingen'}{gone}", wrong=left_behind),
    ]


def _who(group: Group | None) -> str:
    if group is None:
        return ""
    shown = sorted([*(c for c in group.consumers if c.alive), *group.gone], key=lambda c: c.name)
    return ", ".join(
        escape(c.name) + ("" if c.alive else f" (borte i {span(c.idle)})") for c in shown
    )


def _marked(text: str, *, wrong: bool) -> str:
    return f"[bold red]{text}[/]" if wrong else text


def _redis(now: Look) -> Table:
    server = now.redis
    lines = Table.grid(padding=(0, 2))
    memory = size(server.memory)
    if server.maxmemory:
        share = server.memory / server.maxmemory
        memory = _marked(
            f"{memory} av {size(server.maxmemory)} ({share:.0%})".replace("%", "\u00a0%"),
            wrong=share >= MEMORY,
        )
    lines.add_row("[dim]Redis[/]", f"{memory} minne, oppe i {span(server.uptime)}")
    lines.add_row("[dim]Varig logg[/]", _log(server))
    for names, disk in disk_lines(now.disks):
        told = _marked(f"{room(disk)} ledig av {size(disk.size)}", wrong=disk.is_low)
        lines.add_row("[dim]Disk[/]", f"{told}: {names}")
    return lines


def _log(server: Server) -> str:
    if not server.aof:
        return _marked("av", wrong=True)
    written = _marked("feilet", wrong=True) if not server.aof_write_ok else "i orden"
    packed = _marked("feilet", wrong=True) if not server.aof_rewrite_ok else "i orden"
    if server.aof_rewriting:
        packed = "pågår"
    return f"på; siste skriving {written}, siste komprimering {packed}"


def _deliveries(looks: Sequence[Look], room: int | None, *, wide: bool) -> RenderableType:
    now = looks[-1]
    if not now.deliveries:
        return "[dim]Ingen utsendinger ennå.[/]"
    under_way = [delivery for delivery in now.deliveries if delivery.under_way]
    over = [delivery for delivery in now.deliveries if not delivery.under_way]
    shown = [*under_way, *over[:LAST]][:room]
    names = ["Utsending", "Framdrift", "Levert", "av", "Feilet", "Per s", "Status"]
    more = ["Slag", "Utelatt", "Gjenstår", "Startet"] if wide else []
    table = _table(
        [*names, *more], texts=["Utsending", "Framdrift", "Status", "Slag", "Startet"], wide=wide
    )
    for delivery in shown:
        table.add_row(*_delivery_cells(looks, delivery, wide=wide))
    hidden = now.deliveries_total - len(shown)
    if not hidden:
        return table
    return Lines(table, f"[dim]og {count(hidden)} til[/]")


def _delivery_cells(
    looks: Sequence[Look], delivery: DeliveryLook, *, wide: bool
) -> list[RenderableType]:
    speed = delivery_rate(looks, delivery.id)
    done = delivery.audience - delivery.open
    bar = ProgressBar(
        total=delivery.audience or 1,
        completed=done if delivery.audience else 1,
        width=24 if wide else 12,
        complete_style="cyan",
        finished_style="green",
    )
    cells: list[RenderableType] = [
        delivery.id,
        bar,
        count(delivery.handed_over),
        count(delivery.audience),
        _marked(count(delivery.failed), wrong=delivery.failed > 0),
        rate(speed) if delivery.under_way else "",
        _status(delivery, speed),
    ]
    if wide:
        started = oslo(datetime.fromisoformat(delivery.started))
        cells += [
            KINDS.get(delivery.kind, escape(delivery.kind)),
            count(delivery.suppressed),
            count(delivery.open),
            f"{started:%d.%m.%Y kl. %H.%M}",
        ]
    return cells


def _status(delivery: DeliveryLook, speed: float | None) -> str:
    left = seconds_left(delivery.open, speed)
    if delivery.cause == "superseded":
        return "avløst"
    if delivery.cause == "cancelled":
        return "avbrytes" if delivery.under_way else "avbrutt"
    if delivery.state == "sending" and left is not None:
        return f"{span(max(left, 1))} igjen"
    if delivery.state == "sending" and speed is not None:
        return "venter"
    return STATES.get(delivery.state, escape(delivery.state))
