"""The `varsel` command: exits 0 when done, 1 when it failed, 2 when used wrongly."""

import sys
from contextlib import suppress
from importlib import import_module

import typer
from pydantic import ValidationError
from pydantic_settings import SettingsError
from redis.exceptions import RedisError
from typer._click.exceptions import ClickException, NoArgsIsHelpError

from varsel import norwegian
from varsel.output import err, fail

COMMANDS = {
    "up": "varsel.commands.up",
    "publish": "varsel.commands.publish",
    "save": "varsel.commands.revisions.save",
    "submit": "varsel.commands.steps.submit",
    "preview": "varsel.commands.views.preview",
    "approve": "varsel.commands.steps.approve",
    "reject": "varsel.commands.steps.reject",
    "stop": "varsel.commands.steps.stop",
    "edit": "varsel.commands.revisions.edit",
    "correct": "varsel.commands.revisions.correct",
    "withdraw": "varsel.commands.steps.withdraw",
    "articles": "varsel.commands.views.articles",
    "history": "varsel.commands.views.history",
    "receipt": "varsel.commands.views.receipt",
    "deliver": "varsel.commands.deliver",
    "members": "varsel.commands.membership.members",
    "site": "varsel.commands.site",
    "subjects": "varsel.commands.subjects",
    "people": "varsel.commands.staff.people",
    "keys": "varsel.commands.staff.keys",
    "notice": "varsel.commands.notices.notice",
    "relay": "varsel.commands.relays.relay",
    "watch": "varsel.commands.watch",
    "guard": "varsel.commands.guard",
    "secrets": "varsel.commands.secrets",
    "dead": "varsel.commands.dead",
    "audit": "varsel.commands.audit",
    "backup": "varsel.commands.copies.backup",
    "restore": "varsel.commands.copies.restore",
    "resume": "varsel.commands.copies.resume",
    "demo": "varsel.commands.demo",
}
"""The words that can be typed, in the order of the help, and their modules. Each has a function of
that name or, if other words come after it, an `app`."""


def commands(*words: str) -> typer.Typer:
    """`varsel` with these words; with all if none is given. Only their modules are read: a call
    needs one, and reading all of them takes longer than most calls."""
    app = typer.Typer(
        help="Varsel: publisering for pasientforeninger, med varsler som når fram til alle.\n\n"
        "Eksempel: varsel publish sak.md",
        no_args_is_help=True,
        pretty_exceptions_enable=False,
        add_completion=False,
        context_settings={"help_option_names": ["-h", "--help"]},
    )
    app.callback()(_more_than_one)
    for word in words or COMMANDS:
        module = import_module(COMMANDS[word])
        if hasattr(module, "app"):
            app.add_typer(module.app, name=word)
        else:
            app.command(word)(getattr(module, word))
    return app


def _more_than_one() -> None:  # or Typer would not ask for a word that is the only one
    pass


def main() -> None:
    """Entry point: what no command has caught is told in a sentence, never as a stack trace."""
    try:
        asked = [word for word in sys.argv[1:2] if word in COMMANDS]
        code = norwegian.command(commands(*asked)).main(prog_name="varsel", standalone_mode=False)
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
            where = f"innstillingen VARSEL_{name}" if name else "innstillingene"
            err.print(f"Feil i {where}: {norwegian.wrong_setting(problem)}.", markup=False)
    else:
        err.print(f"Feil i en innstilling: {error.__cause__ or error}", markup=False)
    err.print("Alle innstillinger står i docs/settings.md.")
