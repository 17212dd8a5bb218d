"""What commands print: for people by Rich, for programs one JSON document with `--json`."""

import json
import sys
from typing import Annotated, Any, NoReturn

import typer
from rich.console import Console
from rich.markup import escape

out = Console(highlight=False)
"""Text that comes from outside is printed with `markup=False`, or escaped."""
err = Console(stderr=True, highlight=False)

Json = Annotated[bool, typer.Option("--json", help="Skriv ett JSON-dokument (se docs/cli.md).")]


def print_json(document: Any) -> None:
    """Write `document` on standard output, which then holds nothing else."""
    sys.stdout.write(json.dumps(document, ensure_ascii=False, indent=2, default=str) + "\n")


def fail(message: str, *, as_json: bool = False, **more: Any) -> NoReturn:
    """Say what went wrong and how to go on, and end with exit code 1."""
    if as_json:
        print_json({"error": message} | more)
    else:
        err.print("[bold red]Feil:[/] " + escape(message), soft_wrap=True)
    raise typer.Exit(1)
