"""Log-in as a demo customer, their orders, and the copy of their data."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Form, Request
from fastapi.responses import HTMLResponse, RedirectResponse, StreamingResponse

from crm_store.asking import AsCustomer
from foundation.errors import NotAllowed, NotAuthenticated, NotFound
from gateway.http.origins import is_own_origin
from gateway.parts import PartsDep
from gateway.privacy.endpoints import export_response
from gateway.shop.customers import DemoCustomers
from gateway.shop.pages import ShopPages
from gateway.shop.visitors import COOKIE, HOURS, VisitorCookie


def account_pages(pages: ShopPages, cookie: VisitorCookie, *, secure_cookies: bool) -> APIRouter:
    """Routes of the account."""
    router = APIRouter()

    @router.get("/shop/login")
    def choose_customer(request: Request, parts: PartsDep) -> HTMLResponse:
        with parts.database.reading() as session:
            people = DemoCustomers(session).people()
            return pages.render(session, request, "login.html", people=people)

    @router.post("/shop/login")
    def login_as(
        request: Request, parts: PartsDep, customer: Annotated[UUID, Form()]
    ) -> RedirectResponse:
        _refuse_other_pages(request)
        with parts.database.reading() as session:
            # Only those on the list: this log-in asks for no password.
            if customer not in {person.id for person in DemoCustomers(session).people()}:
                raise NotFound("That is not one of the demo customers.")
        response = RedirectResponse("/shop", status_code=303)
        response.set_cookie(
            COOKIE,
            cookie.sign(customer),
            max_age=HOURS * 3600,
            httponly=True,
            samesite="lax",
            secure=secure_cookies,
        )
        return response

    @router.post("/shop/logout")
    def logout_of_shop(request: Request) -> RedirectResponse:
        _refuse_other_pages(request)
        response = RedirectResponse("/shop", status_code=303)
        response.delete_cookie(COOKIE)
        return response

    @router.get("/shop/orders")
    def orders(request: Request, parts: PartsDep) -> HTMLResponse:
        with parts.database.reading() as session:
            customer = pages.customer(session, request)
            found = DemoCustomers(session).orders_of(customer) if customer else []
            return pages.render(session, request, "orders.html", section="orders", orders=found)

    @router.get("/shop/my-data", response_class=StreamingResponse)
    def my_data(request: Request, parts: PartsDep) -> StreamingResponse:
        """Everything kept about the customer who is logged in, to take away."""
        with parts.database.reading() as session:
            customer = pages.customer(session, request)
        if customer is None:
            raise NotAuthenticated
        return export_response(parts, customer.id, asker=AsCustomer(customer.id))

    return router


def _refuse_other_pages(request: Request) -> None:
    origin = request.headers.get("origin")
    if origin is not None and not is_own_origin(origin, request.headers.get("host")):
        raise NotAllowed("This form was sent from another page.")
