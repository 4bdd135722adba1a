"""`kefu site`: the pages that may show the widget."""

from datetime import timedelta
from typing import Annotated, Any

import typer
from rich.table import Table

from crm_store.models import Site
from crm_store.sites.configuration import SiteConfiguration
from crm_store.sites.service import SiteService
from kefu.cli import site_settings
from kefu.cli.context import OPERATOR, JsonFlag, open_store, out, print_json

_UNITS = {"m": "minutes", "h": "hours", "d": "days"}

app = typer.Typer(help="Sites that host the widget.", no_args_is_help=True)
app.command("show")(site_settings.show)
app.command("set")(site_settings.configure)


@app.command("add")
def add(  # noqa: PLR0917  # typer reads options from them
    site_key: str,
    name: Annotated[str, typer.Option(help="The shop's name.")],
    origin: Annotated[
        list[str] | None, typer.Option(help="Origin that may embed the widget; repeat for more.")
    ] = None,
    guests_only: Annotated[
        bool, typer.Option(help="Make no secret: nobody's identity can be signed.")
    ] = False,
    identity_required: Annotated[
        bool, typer.Option(help="Let in only whom the site has signed an identity for.")
    ] = False,
    shared_customers: Annotated[
        bool | None,
        typer.Option(
            help="The ids that it signs are the shop's own customer numbers, as in imports and on "
            "other sites that share. Without a choice: so for the first site alone."
        ),
    ] = None,
) -> None:
    """Add a site and print the secret that signs its customers' identities, once."""
    with open_store() as database, database.transaction() as session:
        sites = SiteService(session)
        site = sites.add(
            site_key=site_key,
            name=name,
            origins=origin or [],
            guests_only=guests_only,
            identity_required=identity_required,
            shares_customers=shared_customers,
            asker=OPERATOR,
        )
        secret = sites.secret(site)
    if secret is None:
        out.print(f"added {site_key}, for guests only", markup=False)
    else:
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
def rotate_secret(
    site_key: str,
    overlap: Annotated[
        str, typer.Option(help="How long the old secret is still accepted: 90m, 24h, 7d.")
    ] = "24h",
    now: Annotated[bool, typer.Option("--now", help="Cut the old secret off at once.")] = False,
) -> None:
    """Make a new identity secret, in force at once; the old one verifies for a while longer."""
    length = timedelta() if now else _length(overlap)
    with open_store() as database, database.transaction() as session:
        secret = SiteService(session).rotate_secret(site_key, overlap=length, asker=OPERATOR)
    out.print(f"new identity secret of {site_key} (shown once): {secret}", markup=False)
    until = "is cut off" if now else f"is accepted for {overlap} more"
    out.print(f"the old one {until}", markup=False)


@app.command("require-identity")
def require_identity(
    site_key: str,
    required: Annotated[
        bool, typer.Argument(help="true: guests are refused; false: they may chat.")
    ],
) -> None:
    """Choose whether only signed-in customers may chat, or guests as well."""
    with open_store() as database, database.transaction() as session:
        SiteService(session).require_identity(site_key, required=required, asker=OPERATOR)
    who = "signed-in customers only" if required else "guests and signed-in customers"
    out.print(f"{site_key}: {who}", markup=False)


@app.command("share-customers")
def share_customers(
    site_key: str,
    shared: Annotated[
        bool,
        typer.Argument(help="true: its ids are the shop's own; false: they mean it alone."),
    ],
) -> None:
    """Choose whether a customer number is the same person here and on the sites that share."""
    with open_store() as database, database.transaction() as session:
        SiteConfiguration(session).change(site_key, {"shares_customers": shared}, asker=OPERATOR)
    whose = "the shop's, as in imports and on the sites that share" if shared else "its own"
    out.print(f"{site_key}: customer numbers are {whose}", markup=False)


def _length(text: str) -> timedelta:
    """A number of minutes, hours or days.

    Raises:
        typer.BadParameter: it is none.
    """
    number, unit = text[:-1], text[-1:]
    if unit not in _UNITS or not number.isascii() or not number.isdigit() or len(number) > 6:
        raise typer.BadParameter("a number of minutes, hours or days, like 24h")
    return timedelta(**{_UNITS[unit]: int(number)})


def _row(site: Site) -> dict[str, Any]:
    return {
        "site_key": site.site_key,
        "name": site.name,
        "origins": list(site.origins),
        "identity_required": site.identity_required,
        "shares_customers": site.shares_customers,
        "created_at": site.created_at,
        "disabled_at": site.disabled_at,
    }
