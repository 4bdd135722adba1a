"""``python -m gateway.openapi``: print the API's description, from which the web client is made.

Needs no database and no running part.
"""

import json
import sys

from pydantic import SecretStr

from foundation.ids import new_token
from foundation.settings import Settings
from gateway.app import create_app


def description() -> str:
    """The OpenAPI document, with its keys in a stable order."""
    unused = SecretStr(new_token())
    settings = Settings(database_url="sqlite://", internal_token=unused, secret_keys=unused)
    return json.dumps(create_app(settings).openapi(), indent=2, ensure_ascii=False) + "\n"


if __name__ == "__main__":
    sys.stdout.write(description())
