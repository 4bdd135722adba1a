"""One busy writer: posts what customers said before, until stopped. For ``benchmarks.store``.

Prints how many messages it committed, and how long the slowest took.
"""

import json
import signal
import sys
import time
from pathlib import Path

from sqlalchemy import select

from crm_store.conversations.service import ConversationService
from crm_store.models import Author, Message, Site
from crm_store.opening import open_database
from foundation.settings import load_settings

_A_CONVERSATION = 40
_DIFFERENT = 2_000


def main(var: Path) -> None:
    """Write as fast as the store takes it, a message a transaction."""
    database = open_database(load_settings(env_file=None, var=var))
    stopped = []
    signal.signal(signal.SIGTERM, lambda *_: stopped.append(True))
    written, slowest = 0, 0.0
    conversation_id = None
    with database.reading() as session:
        newest = select(Message.text).where(Message.author == Author.CUSTOMER)
        said = session.scalars(newest.order_by(Message.sent_at.desc()).limit(_DIFFERENT)).all()
    print("writing", flush=True)
    while not stopped:
        begun = time.perf_counter()
        with database.transaction() as session:
            service = ConversationService(session)
            if written % _A_CONVERSATION == 0:
                site = session.query(Site).first()
                assert site is not None
                conversation_id = service.start(
                    site, customer=None, verified_by=None, hours=1
                ).conversation.id
            assert conversation_id is not None
            service.post_customer_message(
                conversation_id, client_id=f"busy-{written}", text=said[written % len(said)]
            )
        slowest = max(slowest, time.perf_counter() - begun)
        written += 1
    database.dispose()
    json.dump({"messages": written, "slowest_ms": round(slowest * 1_000, 1)}, sys.stdout)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
