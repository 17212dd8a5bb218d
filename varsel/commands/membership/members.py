"""`varsel members`: the people who get alerts."""

import typer

from varsel.commands.membership import one_member, register
from varsel.commands.membership.unreachable import unreachable_members

app = typer.Typer(
    help="Medlemmer som får varsler.\n\n"
    'Eksempel: varsel members import medlemmer.csv --consent "Ja, send meg varsler."',
    no_args_is_help=True,
)
app.command("import")(register.import_)
app.command("undo-sync")(register.undo_sync)
app.command("export-list")(register.export_list)
app.command("unreachable")(unreachable_members)
app.command("find")(one_member.find)
app.command("show")(one_member.show)
app.command("set")(one_member.set_)
app.command("export")(one_member.export)
app.command("erase")(one_member.erase)
