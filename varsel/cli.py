"""The `varsel` command: exits 0 when done, 1 when it failed, 2 when used wrongly."""

import sys
from contextlib import suppress

import typer
from pydantic import ValidationError
from pydantic_settings import SettingsError
from redis.exceptions import RedisError
from typer._click.exceptions import ClickException, NoArgsIsHelpError

from varsel import norwegian
from varsel.commands import (
    audit,
    dead,
    deliver,
    demo,
    keys,
    members,
    publish,
    subjects,
    up,
    watch,
)
from varsel.commands.notices import notice
from varsel.commands.relays import relay
from varsel.commands.revisions import correct, edit, save
from varsel.commands.steps import approve, reject, stop, submit, withdraw
from varsel.commands.views import articles, history, preview, receipt
from varsel.output import err, fail

app = typer.Typer(
    help="Varsel: publisering for pasientforeninger, med varsler som når fram til alle.\n\n"
    "Eksempel: varsel publish sak.md",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
app.command()(up.up)
app.command()(publish.publish)
app.command()(save.save)
app.command()(submit.submit)
app.command()(preview.preview)
app.command()(approve.approve)
app.command()(reject.reject)
app.command()(stop.stop)
app.command()(edit.edit)
app.command()(correct.correct)
app.command()(withdraw.withdraw)
app.command()(articles.articles)
app.command()(history.history)
app.command()(receipt.receipt)
app.command()(deliver.deliver)
app.add_typer(members.app, name="members")
app.add_typer(subjects.app, name="subjects")
app.add_typer(keys.app, name="keys")
app.add_typer(notice.app, name="notice")
app.add_typer(relay.app, name="relay")
app.command()(watch.watch)
app.add_typer(dead.app, name="dead")
app.add_typer(audit.app, name="audit")
app.command()(demo.demo)


def main() -> None:
    """Entry point: what no command has caught is told in a sentence, never as a stack trace."""
    try:
        code = norwegian.command(app).main(prog_name="varsel", standalone_mode=False)
        sys.exit(code if isinstance(code, int) else 0)
    except NoArgsIsHelpError as error:  # the help is printed
        sys.exit(error.exit_code)
    except ClickException as error:
        for line in norwegian.wrong_use(error):
            err.print(line, markup=False, soft_wrap=True)
        sys.exit(error.exit_code)
    except typer.Abort:
        err.print("Avbrutt.")
        sys.exit(1)
    except (ValidationError, SettingsError) as error:
        _wrong_setting(error)
        sys.exit(2)
    except (RedisError, OSError) as error:
        message = f"Mistet kontakten med systemet ({type(error).__name__}). Prøv igjen."
        with suppress(typer.Exit):
            fail(message, as_json="--json" in sys.argv)
        sys.exit(1)


def _wrong_setting(error: ValidationError | SettingsError) -> None:
    if isinstance(error, ValidationError):
        for problem in error.errors(include_input=False, include_url=False):
            name = "_".join(str(part) for part in problem["loc"][:1]).upper()
            err.print(
                f"Feil i innstillingen VARSEL_{name}: {norwegian.wrong_setting(problem)}.",
                markup=False,
            )
    else:
        err.print(f"Feil i en innstilling: {error.__cause__ or error}", markup=False)
    err.print("Alle innstillinger står i docs/settings.md.")
