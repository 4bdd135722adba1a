"""`kefu demo`: what `make run` needs once: schema, demo shop, staff log-ins. Safe to repeat."""

import json
import os
import secrets
from pathlib import Path
from typing import Any

from crm_store.catalog.export import CATALOGUE_FILE, write_catalogue
from crm_store.crypto.opening import keyring_from
from crm_store.database import Database
from crm_store.migrate import upgrade
from crm_store.models import Role
from crm_store.seeding.sales import share_out
from crm_store.sites.service import SiteService
from crm_store.users.service import UserService
from kefu.cli.context import OPERATOR, open_store, out, settings_with_secrets
from kefu.cli.db import seed_with_progress

_STAFF = (
    ("admin@demo.shop", "Demo admin", Role.ADMIN),
    ("agent@demo.shop", "Demo agent", Role.AGENT),
)
_CUSTOMERS = 2_000
_SEED = 7


def demo() -> None:
    """Prepare the demo shop: schema, data, a site, two staff log-ins."""
    settings = settings_with_secrets()
    with open_store(settings, migrated=False) as database:
        upgrade(settings.resolved_database_url, keyring=keyring_from(settings))
        _ensure_shop(database, settings.var / "demo-shop.incomplete")
        write_catalogue(database, settings.var / CATALOGUE_FILE)
        _ensure_staff(database, settings.var / "demo-logins.json")


def _ensure_shop(database: Database, marker: Path) -> None:
    """Seed an empty store, or one whose demo seeding was interrupted; leave every other alone.

    The marker names the database, so that it never speaks for another one.
    """
    name = database.url.render_as_string(hide_password=True)
    interrupted = marker.is_file() and marker.read_text(encoding="utf-8") == name
    if _has_sites(database) and not interrupted:
        return
    out.print("  … making the demo shop (2,000 customers, two years of orders and chats)")
    marker.write_text(name, encoding="utf-8")
    seed_with_progress(database, customers=_CUSTOMERS, seed=_SEED, today=None, replace=interrupted)
    marker.unlink()
    out.print("  … grouping customers, learning recommendations")
    _analyse(database)


def _analyse(database: Database) -> None:
    from analytics.recommendation.run import run_recommend
    from analytics.segmentation.local import LocalSegmenter
    from analytics.segmentation.run import run_segments

    run_segments(database, LocalSegmenter())
    run_recommend(database)


def _has_sites(database: Database) -> bool:
    with database.reading() as session:
        return bool(SiteService(session).list(asker=OPERATOR))


def _ensure_staff(database: Database, path: Path) -> None:
    """Make the demo log-ins once. The file is for the person who installs, so only they read it."""
    if path.is_file():
        return
    logins: list[dict[str, Any]] = []
    with database.transaction() as session:
        users = UserService(session)
        known = {user.email for user in users.list(asker=OPERATOR)}
        for email, name, role in _STAFF:
            password = secrets.token_urlsafe(12)
            if email in known:
                users.set_password(email, password, asker=OPERATOR)
            else:
                users.add(email=email, name=name, password=password, role=role, asker=OPERATOR)
            logins.append({"email": email, "password": password, "role": role.value})
        sellers = {user.email: user.id for user in users.list(asker=OPERATOR)}
        share_out(session, [sellers[email] for email, _, _ in reversed(_STAFF)])
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        json.dump(logins, file, indent=2)
