"""The `varsel` command: exits 0 when done, 1 when it failed, 2 when used wrongly."""

import sys

import typer
from pydantic import ValidationError

from varsel.commands import dead, demo, keys, members, publish, receipt, up, watch
from varsel.output import err

app = typer.Typer(
    help="Varsel: publisering for pasientforeninger, med varsler som når fram til alle.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
app.command()(up.up)
app.command()(publish.publish)
app.command()(receipt.receipt)
app.add_typer(members.app, name="members")
app.add_typer(keys.app, name="keys")
app.command()(watch.watch)
app.add_typer(dead.app, name="dead")
app.command()(demo.demo)


def main() -> None:
    """Entry point; a wrong setting is explained, not thrown."""
    try:
        app()
    except ValidationError as error:
        if error.title != "Settings":
            raise
        for problem in error.errors(include_input=False, include_url=False):
            name = "_".join(str(part) for part in problem["loc"][:1]).upper()
            err.print(f"Feil i innstillingen VARSEL_{name}: {problem['msg']}", markup=False)
        err.print("Alle innstillinger står i docs/settings.md.")
        sys.exit(2)
