"""`kefu site`: the pages that may show the widget."""

from typing import Annotated, Any

import typer
from rich.table import Table

from crm_store.models import Site
from crm_store.sites.service import SiteService
from kefu.cli.context import OPERATOR, JsonFlag, open_store, out, print_json

app = typer.Typer(help="Sites that host the widget.", no_args_is_help=True)


@app.command("add")
def add(
    site_key: str,
    name: Annotated[str, typer.Option(help="The shop's name.")],
    origin: Annotated[
        list[str] | None, typer.Option(help="Origin that may embed the widget; repeat for more.")
    ] = None,
) -> None:
    """Add a site and print the secret that signs its customers' identities, once."""
    with open_store() as database, database.transaction() as session:
        site = SiteService(session).add(
            site_key=site_key, name=name, origins=origin or [], asker=OPERATOR
        )
        secret = site.secret
    out.print(f"added {site_key}; identity secret (shown once): {secret}", markup=False)


@app.command("list")
def list_sites(json: JsonFlag = False) -> None:
    """List sites; secrets are never shown."""
    with open_store() as database, database.reading() as session:
        rows = [_row(site) for site in SiteService(session).list(asker=OPERATOR)]
    if json:
        print_json({"items": rows})
        return
    table = Table("site key", "name", "origins", "state")
    for row in rows:
        state = "disabled" if row["disabled_at"] else "active"
        table.add_row(str(row["site_key"]), str(row["name"]), ", ".join(row["origins"]), state)
    out.print(table)


@app.command("rotate-secret")
def rotate_secret(site_key: str) -> None:
    """Replace the identity secret; the old one stops working at once."""
    with open_store() as database, database.transaction() as session:
        secret = SiteService(session).rotate_secret(site_key, asker=OPERATOR)
    out.print(f"new identity secret of {site_key} (shown once): {secret}", markup=False)


def _row(site: Site) -> dict[str, Any]:
    return {
        "site_key": site.site_key,
        "name": site.name,
        "origins": list(site.origins),
        "created_at": site.created_at,
        "disabled_at": site.disabled_at,
    }
