"""`kefu key`: what programs log in to the API with."""

from datetime import timedelta
from typing import Annotated, Any
from uuid import UUID

import typer
from rich.table import Table

from crm_store.api_keys.service import ApiKeyService
from crm_store.models import ApiKey
from crm_store.pages import MAX_LIMIT
from crm_store.permissions import Permission
from crm_store.users.service import UserService
from foundation.clock import utc_now
from kefu.cli.context import OPERATOR, JsonFlag, open_store, out, print_json

app = typer.Typer(help="API keys.", no_args_is_help=True)


@app.command("add")
def add(
    name: Annotated[str, typer.Argument(help="What it is for.")],
    email: Annotated[str, typer.Option("--for", help="Whose key it is; it ends with them.")],
    permission: Annotated[list[Permission], typer.Option(help="What it may do; repeat for more.")],
    days: Annotated[int | None, typer.Option(min=1, max=3_650, help="Ends after so many.")] = None,
    json: JsonFlag = False,
) -> None:
    """Make a key and print it, once."""
    expires_at = utc_now() + timedelta(days=days) if days else None
    with open_store() as database, database.transaction() as session:
        made = ApiKeyService(session).add(
            name=name,
            permissions=permission,
            maker=UserService(session).by_email(email),
            expires_at=expires_at,
            asker=OPERATOR,
        )
        row = _row(made.key)
    if json:
        print_json({"key": row, "secret": made.secret})
        return
    out.print(f"key {row['id']} (shown once): {made.secret}", markup=False, soft_wrap=True)


@app.command("list")
def list_keys(json: JsonFlag = False) -> None:
    """List keys; those that ended too."""
    rows: list[dict[str, Any]] = []
    cursor = None
    with open_store() as database, database.reading() as session:
        while True:
            page = ApiKeyService(session).list(asker=OPERATOR, cursor=cursor, limit=MAX_LIMIT)
            rows += [_row(key) for key in page.items]
            cursor = page.next_cursor
            if cursor is None:
                break
    if json:
        print_json({"items": rows})
        return
    table = Table("id", "begins", "name", "of", "may", "last used", "state")
    for row in rows:
        used = row["last_used_at"]
        table.add_row(
            str(row["id"]),
            row["prefix"],
            row["name"],
            row["email"],
            ", ".join(row["permissions"]),
            f"{used:%Y-%m-%d %H:%M}" if used else "never",
            row["state"],
        )
    out.print(table)


@app.command("revoke")
def revoke(key_id: UUID) -> None:
    """End a key at once and for good."""
    with open_store() as database, database.transaction() as session:
        key = ApiKeyService(session).revoke(key_id, asker=OPERATOR)
        name = key.name
    out.print(f"{name} is revoked", markup=False)


def _row(key: ApiKey) -> dict[str, Any]:
    return {
        "id": key.id,
        "prefix": key.prefix,
        "name": key.name,
        "email": key.maker.email,
        "permissions": key.permissions,
        "created_at": key.created_at,
        "expires_at": key.expires_at,
        "last_used_at": key.last_used_at,
        "state": _state(key),
    }


def _state(key: ApiKey) -> str:
    if key.revoked_at is not None:
        return "revoked"
    if key.expires_at is not None and key.expires_at <= utc_now():
        return "expired"
    return "active" if key.maker.disabled_at is None else "its user is disabled"
