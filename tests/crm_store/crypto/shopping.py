"""A process that serves: ``python shopping.py <database url> <folder with secrets.env>``.

It opens the store before the key changes and is never restarted. Until its stdin closes it looks
every customer up by e-mail, changes their phone number, and adds new ones.
"""

import sys
import threading
from itertools import cycle
from pathlib import Path

from sqlalchemy import select

from crm_store.crypto.opening import keyring_from
from crm_store.customers.contacts import has_email
from crm_store.database import Database
from crm_store.models import Customer
from foundation.settings import load_settings


def serve(database: Database, stop: threading.Event) -> int:
    rounds = 0
    for number in cycle(range(60)):
        if stop.is_set():
            return rounds
        with database.transaction() as session:
            wanted = has_email(session, f"customer{number}@example.com")
            customer = session.scalars(select(Customer).where(wanted)).one()
            assert customer.street == f"Ringstraße {number}"
            customer.phone = f"+4930{rounds:07d}"
            if rounds % 10 == 0:
                session.add(Customer(name="New", email=f"new{rounds}@example.com"))
        rounds += 1
    return rounds


if __name__ == "__main__":
    url, var = sys.argv[1:]
    settings = load_settings(env_file=None, var=Path(var), database_url=url)
    store = Database(url, keyring=keyring_from(settings))
    over = threading.Event()
    threading.Thread(target=lambda: (sys.stdin.read(), over.set()), daemon=True).start()
    print("serving", flush=True)
    print(f"served {serve(store, over)}", flush=True)
