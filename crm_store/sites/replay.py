"""Each signed identity is presented once; again only by the browser that did it first."""

import hmac

from sqlalchemy import select
from sqlalchemy.orm import Session

from crm_store.models import Site, UsedIdentity
from crm_store.sites.errors import IdentityReplayed
from crm_store.sites.identity import SignedIdentity
from crm_store.writes import insert_missing
from foundation.ids import new_id, token_digest


def use_once(
    session: Session, site: Site, signed: SignedIdentity, *, browser_key: str | None
) -> None:
    """Note that the identity has been presented.

    A page that is loaded again, or an answer that was lost on the way, makes an honest browser
    present the same one again. It shows the key that it made up and sent the first time; whoever
    has read the identity elsewhere does not know it.

    Raises:
        IdentityReplayed: it was presented before, without this key.
    """
    digest = token_digest(signed.jti)
    browser_digest = token_digest(browser_key) if browser_key else None
    row = {
        "id": new_id(),
        "site_id": site.id,
        "jti_digest": digest,
        "browser_digest": browser_digest,
        "expires_at": signed.expires_at,
    }
    if insert_missing(session, UsedIdentity, [row], on=("site_id", "jti_digest")):
        return
    first = session.scalar(
        select(UsedIdentity.browser_digest).where(
            UsedIdentity.site_id == site.id, UsedIdentity.jti_digest == digest
        )
    )
    if not (first and browser_digest and hmac.compare_digest(first, browser_digest)):
        raise IdentityReplayed
