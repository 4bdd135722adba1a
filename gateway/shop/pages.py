"""What every page of the demo shop has: who is logged in, and the widget with their identity."""

from typing import Any

from fastapi import Request
from fastapi.responses import HTMLResponse
from sqlalchemy.orm import Session

from crm_store.asking import AsSystem
from crm_store.customers.service import CustomerService
from crm_store.models import Customer
from crm_store.seeding import SITE_KEY
from crm_store.sites.service import SiteService
from foundation.errors import NotFound
from gateway.shop.rendering import Templates
from gateway.shop.visitors import COOKIE, VisitorCookie

# As long as an identity may live: a page may stay open for a while before the chat is opened.
_IDENTITY_SECONDS = 3600
_ASKER = AsSystem("the demo shop's own page of the customer who is logged in there")
_DEFAULTS: dict[str, Any] = {"section": None, "query": None}


class ShopPages:
    """Renders a page around what the handler found."""

    def __init__(self, templates: Templates, cookie: VisitorCookie) -> None:
        self.templates = templates
        self._cookie = cookie

    def customer(self, session: Session, request: Request) -> Customer | None:
        """The demo customer who is logged in, if any."""
        customer_id = self._cookie.read(request.cookies.get(COOKIE))
        if customer_id is None:
            return None
        try:
            return CustomerService(session).get(customer_id, asker=_ASKER)
        except NotFound:
            return None  # the shop was seeded anew since

    def render(
        self, session: Session, request: Request, template: str, *, status: int = 200, **values: Any
    ) -> HTMLResponse:
        """A whole page. It names a person or signs an identity, so no cache may keep it."""
        customer = self.customer(session, request)
        page = self.templates.page(
            template,
            **{
                **_DEFAULTS,
                "customer": customer,
                "widget": _widget(session, customer),
                **values,
            },
        )
        return HTMLResponse(page, status_code=status, headers={"Cache-Control": "no-store"})


def _widget(session: Session, customer: Customer | None) -> dict[str, str] | None:
    """The widget's tag as a host page writes it; None before the demo site is set up."""
    sites = SiteService(session)
    try:
        site = sites.by_key(SITE_KEY)
    except NotFound:
        return None
    identity = ""
    if customer is not None and sites.secret(site) is not None:
        identity = sites.sign_identity(
            site,
            subject=customer.external_id or str(customer.id),
            email=customer.email,
            name=customer.name,
            ttl_seconds=_IDENTITY_SECONDS,
        )
    return {"site_key": site.site_key, "identity": identity}
