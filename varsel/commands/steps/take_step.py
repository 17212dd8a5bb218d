"""What the steps share: how they are taken, and the option that says why."""

from typing import Annotated

import typer

from varsel.client import Client
from varsel.commands.asking import ask, tell

Why = Annotated[str, typer.Option("--why", help="Hvorfor, i en setning.")]


def take_step(step: str, article: str, note: str, client: Client, *, as_json: bool) -> None:
    """Take the step `step` (the API's word) of `article`, with `note` as its reason, and say what
    came of it. Ends the command if the API refuses or does not answer."""
    done = ask(client, lambda: client.step(step, article, note=note), as_json=as_json)
    tell(done, as_json=as_json)
