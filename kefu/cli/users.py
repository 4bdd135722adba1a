"""`kefu user`: the staff who may log in to the console."""

from pathlib import Path
from typing import Annotated

import typer
from rich.table import Table

from crm_store.models import Role
from crm_store.users.service import UserService
from kefu.cli.context import OPERATOR, JsonFlag, open_store, out, print_json, read_password

app = typer.Typer(help="Staff accounts.", no_args_is_help=True)

PasswordFile = Annotated[
    Path | None, typer.Option(help="Read the password from this file instead of asking.")
]


@app.command("add")
def add(
    email: str,
    name: Annotated[str, typer.Option(help="Shown to customers.")],
    role: Annotated[Role, typer.Option()] = Role.AGENT,
    password_file: PasswordFile = None,
) -> None:
    """Add a member of staff."""
    password = read_password(password_file)
    with open_store() as database, database.transaction() as session:
        UserService(session).add(
            email=email, name=name, password=password, role=role, asker=OPERATOR
        )
    out.print(f"added {email} as {role.value}", markup=False)


@app.command("list")
def list_users(json: JsonFlag = False) -> None:
    """List staff accounts."""
    with open_store() as database, database.reading() as session:
        users = UserService(session).list(asker=OPERATOR)
    rows = [
        {"email": u.email, "name": u.name, "role": u.role.value, "disabled_at": u.disabled_at}
        for u in users
    ]
    if json:
        print_json({"items": rows})
        return
    table = Table("e-mail", "name", "role", "state")
    for row in rows:
        state = "disabled" if row["disabled_at"] else "active"
        table.add_row(str(row["email"]), str(row["name"]), str(row["role"]), state)
    out.print(table)


@app.command("passwd")
def passwd(email: str, password_file: PasswordFile = None) -> None:
    """Set a new password; open sessions of that account end."""
    password = read_password(password_file)
    with open_store() as database, database.transaction() as session:
        UserService(session).set_password(email, password, asker=OPERATOR)
    out.print(f"password of {email} changed", markup=False)


@app.command("disable")
def disable(email: str) -> None:
    """Lock an account out; its history stays."""
    with open_store() as database, database.transaction() as session:
        UserService(session).disable(email, asker=OPERATOR)
    out.print(f"{email} is disabled", markup=False)
