"""Looking at a proposed mapping and changing it, at the terminal."""

import typer
from rich.table import Table

from crm_store.importing.errors import BadMapping
from crm_store.importing.mapping import ColumnMapping, Mapping
from crm_store.importing.mapping.propose import CERTAIN, Proposal
from crm_store.importing.targets import target_named
from kefu.cli.context import out

_HELP = (
    "Enter or y to import; COLUMN NUMBER=FIELD to change (3=email), COLUMN NUMBER=- to leave out, "
    "day-first or month-first, q to stop"
)


def confirm_mapping(proposal: Proposal) -> Mapping:
    """Show the proposal until somebody accepts it.

    Raises:
        BadMapping: they stopped.
    """
    header = [guess.column for guess in proposal.guesses]
    mapping = proposal.mapping
    certainty = {guess.column: guess for guess in proposal.guesses}
    for doubt in proposal.doubts:
        out.print(f"doubtful: {doubt}", style="yellow", markup=False)
    while True:
        table = Table("#", "column", "field", "certainty", box=None, pad_edge=False)
        for number, column in enumerate(header, start=1):
            field = mapping.columns[column].field if column in mapping.columns else "–"
            guess = certainty[column]
            same = guess.field == (field if field != "–" else None)
            sure = f"{guess.certainty:.0%} {guess.reason}" if same and guess.field else ""
            style = "yellow" if guess.field and guess.certainty < CERTAIN and same else ""
            table.add_row(str(number), column[:60], field, sure, style=style)
        out.print(table)
        answer = typer.prompt(_HELP, default="", show_default=False).strip()
        if answer.lower() in {"", "y", "yes"}:
            return mapping
        if answer == "q":
            raise BadMapping("stopped: nothing was imported")
        try:
            mapping = changed(mapping, answer, header)
        except BadMapping as bad:
            out.print(bad.detail, style="red", markup=False)


def changed(mapping: Mapping, answer: str, header: list[str]) -> Mapping:
    """The mapping as the answer wants it.

    Raises:
        BadMapping: the answer names no column or field.
    """
    if answer in {"day-first", "month-first"}:
        columns = {
            name: column.model_copy(update={"day_first": answer == "day-first"})
            for name, column in mapping.columns.items()
        }
        return mapping.model_copy(update={"columns": columns})
    number, mark, field = answer.partition("=")
    if not mark or not number.strip().isdigit() or not 1 <= int(number) <= len(header):
        raise BadMapping("the number of a column, =, and a field are expected")
    name, field = header[int(number) - 1], field.strip()
    target = target_named(mapping.target)
    if field not in {"-", ""} and target.field(field) is None:
        known = ", ".join(one.name for one in target.fields)
        raise BadMapping(f"no such field; there are {known}")
    columns = {
        other: column
        for other, column in mapping.columns.items()
        if other != name and column.field != field
    }
    if field not in {"-", ""}:
        columns[name] = ColumnMapping(field=field)
    return mapping.model_copy(update={"columns": columns})
