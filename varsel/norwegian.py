"""What Typer writes by itself, in Norwegian: the help of a command, and what is wrong with a call.

Typer has no language but English, and no place to put another in, so this changes texts of its
inside; pyproject.toml says which version they are of, and a test reads the help of every command
and the common errors for words that are left.
"""

import inspect
import re
from collections.abc import Iterator
from typing import Any

import typer
from typer import rich_utils
from typer._click import Context
from typer._click import exceptions as refusal
from typer._click.core import Command
from typer._click.formatting import HelpFormatter

TYPES = {"str": "TEKST", "int": "TALL", "file": "FIL", "path": "FIL", "bool": ""}
"""How help names the type of a value, by Typer's word for it."""

_MESSAGES = (
    (r"Got unexpected extra argument\(s\) \((.*)\)", "dette er for mye: {0}"),
    (r"No such command '(.*)'\. Did you mean (.*)\?",
     "det finnes ingen kommando «{0}»; mente du {1}?"),
    (r"No such command '(.*)'\.", "det finnes ingen kommando «{0}»"),
    (r"Missing command\.", "skriv en kommando etter"),
    (r"Option '(.*)' requires an argument\.", "{0} må ha en verdi etter seg"),
    (r"Option '(.*)' requires (\d+) arguments\.", "{0} må ha {1} verdier etter seg"),
    (r"Option '(.*)' does not take a value\.", "{0} kan ikke ha noen verdi"),
    (r"(?:Value error, )?'(.*)' is not one of (.*)\.", "«{0}» er ikke en av {1}"),
    (r"\w+ '(.*)' does not exist\.", "filen {0} finnes ikke"),
    (r"\w+ '(.*)' is a directory\.", "{0} er en mappe, ikke en fil"),
    (r"\w+ '(.*)' is a file\.", "{0} er en fil, ikke en mappe"),
    (r"\w+ '(.*)' is not readable\.", "du har ikke lov til å lese {0}"),
    (r"\w+ '(.*)' is not writable\.", "du har ikke lov til å skrive til {0}"),
    (r"Input should be a valid integer.*", "skriv et helt tall"),
    (r"Input should be a valid number.*", "skriv et tall"),
)  # fmt: skip
"""What Typer says of a call, and what it means; the groups are put into the meaning."""

_WRONG_SETTINGS = {
    "int_parsing": "skriv et helt tall",
    "int_type": "skriv et helt tall",
    "float_parsing": "skriv et tall",
    "bool_parsing": "skriv true eller false",
    "string_too_short": "for kort: minst {min_length} tegn",
    "greater_than": "må være over {gt}",
    "greater_than_equal": "må være minst {ge}",
    "less_than": "må være under {lt}",
    "less_than_equal": "kan være høyst {le}",
    "json_invalid": "er ikke gyldig JSON",
}
"""What is wrong with a setting, by pydantic's word for it."""


class _Formatter(HelpFormatter):
    def write_usage(self, prog: str, args: str = "", prefix: str | None = None) -> None:
        super().write_usage(prog, args, prefix or "Bruk: ")


class _Context(Context):
    formatter_class = _Formatter


def command(app: typer.Typer) -> Command:
    """The command that `app` is, whose help is in Norwegian throughout."""
    rich_utils.ARGUMENTS_PANEL_TITLE = "Argumenter"
    rich_utils.OPTIONS_PANEL_TITLE = "Valg"
    rich_utils.COMMANDS_PANEL_TITLE = "Kommandoer"
    rich_utils.DEFAULT_STRING = "[ellers: {}]"
    rich_utils.ENVVAR_STRING = "[miljøvariabel: {}]"
    rich_utils.REQUIRED_LONG_STRING = "[påkrevd]"
    whole: Command = typer.main.get_command(app)
    for one in _with_those_below(whole):
        _speak(one, _Context(one, **whole.context_settings))
    return whole


def _with_those_below(one: Command) -> Iterator[Command]:
    yield one
    for child in getattr(one, "commands", {}).values():
        yield from _with_those_below(child)


def _speak(one: Command, ctx: Context) -> None:
    one.context_class = _Context
    one.options_metavar = "[VALG]"
    if hasattr(one, "subcommand_metavar"):
        one.subcommand_metavar = "KOMMANDO …"
    # A docstring's lines end where the code's do; the terminal has its own width.
    one.help = re.sub(r"(?<!\n)\n(?!\n)", " ", inspect.cleandoc(one.help or ""))
    for param in one.get_params(ctx):
        if getattr(param, "help", "") == "Show this message and exit.":
            param.help = "Vis denne hjelpen."  # type: ignore[attr-defined]
        is_argument = param.param_type_name == "argument"
        if is_argument and param.metavar is None:
            param.metavar = str(param.name).upper()
        param.display_type_rich = _type_of(param, is_argument=is_argument)  # type: ignore[attr-defined]


def _type_of(param: Any, *, is_argument: bool) -> Any:
    """What stands for the type in the help of `param`, as Typer asks for it: with the context."""

    def shown(ctx: Context) -> str:
        if is_argument or param.metavar is not None:
            return "" if is_argument else str(param.metavar)
        label = str(param.display_type(ctx)).strip("<>")
        return TYPES.get(label, label)

    return shown


def wrong_use(error: refusal.ClickException) -> list[str]:
    """What is wrong with a call, in lines: how the command is used, where its help is, and why."""
    lines = []
    ctx = getattr(error, "ctx", None)
    if ctx is not None:
        lines += [ctx.get_usage(), f"Hjelp: {ctx.command_path} {ctx.help_option_names[0]}"]
    why = _why(error)
    return [*lines, f"Feil: {why}" if why.endswith("?") else f"Feil: {why}."]


def _why(error: refusal.ClickException) -> str:
    if isinstance(error, refusal.NoSuchOption):
        near = " eller ".join(sorted(error.possibilities or ()))
        there_is_none = f"det finnes ikke noe valg {error.option_name}"
        return f"{there_is_none}; mente du {near}?" if near else there_is_none
    if isinstance(error, refusal.MissingParameter):
        return f"{_hint(error)} mangler"
    words = in_norwegian(error.message)
    if isinstance(error, refusal.BadParameter) and (hint := _hint(error)):
        return f"{hint}: {words}"
    return words


def _hint(error: refusal.BadParameter) -> str:
    hint = error.param_hint or (error.param.get_error_hint() if error.param else "")
    return (hint if isinstance(hint, str) else " / ".join(hint)).strip("'")


def in_norwegian(message: str) -> str:
    """A message of Typer's in Norwegian; another as it is, since it is ours. Without full stop."""
    for pattern, words in _MESSAGES:
        if found := re.fullmatch(pattern, message, re.DOTALL):
            parts = [part.replace("', '", ", ").strip("'") for part in found.groups()]
            return words.format(*parts)
    return message.removesuffix(".")


def wrong_setting(problem: Any) -> str:
    """What is wrong with a setting. `problem` is one of pydantic's errors."""
    context = problem.get("ctx", {})
    if problem["type"] == "value_error":
        return str(context["error"])
    return _WRONG_SETTINGS.get(problem["type"], "har feil form").format(**context)
