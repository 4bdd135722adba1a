"""A rotation to be killed: ``python rotating.py <database url> <folder with secrets.env>``."""

import sys
from pathlib import Path

from crm_store.crypto.opening import keyring_from
from crm_store.crypto.rekeying import Pace, rekey
from crm_store.database import Database
from foundation.settings import load_settings

if __name__ == "__main__":
    url, var = sys.argv[1:]
    settings = load_settings(env_file=None, var=Path(var), database_url=url)
    database = Database(url, keyring=keyring_from(settings))
    rekey(
        database, pace=Pace(batch=10, pause=0.02), progress=lambda *told: print(*told, flush=True)
    )
    print("finished", flush=True)
