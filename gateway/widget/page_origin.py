"""Which pages may use a site's widget."""

from crm_store.models import Site
from crm_store.sites.errors import OriginNotAllowed
from gateway.http.origins import is_own_origin


def require_origin(site: Site, origin: str | None, host: str | None) -> None:
    """Let a page pass that is the site's or ours; other callers have no page and need none.

    Raises:
        OriginNotAllowed: the page is neither.
    """
    if origin is None or is_own_origin(origin, host) or origin in site.origins:
        return
    raise OriginNotAllowed
