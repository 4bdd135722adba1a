"""The demo shop's pages, under ``/shop``."""

from itertools import zip_longest
from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Query, Request
from fastapi.responses import HTMLResponse, RedirectResponse

from crm_store.articles.service import ArticleService
from crm_store.catalog.service import CatalogService
from crm_store.models import Product
from foundation.errors import NotFound
from foundation.settings import Settings
from gateway.parts import PartsDep
from gateway.shop.account import account_pages
from gateway.shop.assets import assets
from gateway.shop.customers import DemoCustomers
from gateway.shop.pages import ShopPages
from gateway.shop.rendering import Templates
from gateway.shop.visitors import VisitorCookie

_PRODUCTS = 24
_COMPANIONS = 4
_OF_EACH = 8
_HINTS = 5

SearchWords = Annotated[str, Query(max_length=100)]


def shop_pages(settings: Settings) -> APIRouter:
    """Routes of the demo shop; left out of the API's description."""
    cookie = VisitorCookie(settings)
    pages = ShopPages(Templates(), cookie)
    router = APIRouter(include_in_schema=False)
    router.include_router(_browsing(pages))
    router.include_router(account_pages(pages, cookie, secure_cookies=settings.cookies_are_secure))
    router.include_router(assets())
    return router


def _browsing(pages: ShopPages) -> APIRouter:
    router = APIRouter()

    @router.get("/")
    async def home() -> RedirectResponse:
        return RedirectResponse("/shop")

    @router.get("/shop")
    def shop(
        *,
        request: Request,
        parts: PartsDep,
        category: SearchWords = "",
        q: SearchWords = "",
        cursor: Annotated[str | None, Query(max_length=500)] = None,
        everything: bool = False,
    ) -> HTMLResponse:
        query = q.strip()
        front = not (category or query or cursor or everything)
        with parts.database.reading() as session:
            catalog = CatalogService(session)
            chosen = catalog.category(category) if category else None
            more: str | None
            if front:
                products, more = _some_of_each(catalog), "/shop?everything=true#products"
            else:
                page = catalog.products(
                    category_slug=category or None, q=query or None, cursor=cursor, limit=_PRODUCTS
                )
                place = {"category": category, "q": query, "cursor": page.next_cursor}
                address = urlencode({name: value for name, value in place.items() if value})
                products = page.items
                more = f"/shop?{address}#products" if page.next_cursor else None
            return pages.render(
                session,
                request,
                "shop.html",
                section="shop",
                query=query,
                front=front,
                demo=DemoCustomers(session).people()[:_HINTS] if front else [],
                category=chosen,
                categories=catalog.categories(),
                products=products,
                more=more,
            )

    @router.get("/shop/p/{slug}")
    def product(slug: str, request: Request, parts: PartsDep) -> HTMLResponse:
        with parts.database.reading() as session:
            catalog = CatalogService(session)
            try:
                found = catalog.by_slug(slug)
            except NotFound:
                return pages.render(session, request, "missing.html", status=404)
            companions = catalog.bought_together(found.id, limit=_COMPANIONS)
            return pages.render(
                session,
                request,
                "product.html",
                section="shop",
                product=found,
                companions=[hit.product for hit in companions],
            )

    @router.get("/shop/help")
    def help_centre(request: Request, parts: PartsDep, q: SearchWords = "") -> HTMLResponse:
        query = q.strip()
        with parts.database.reading() as session:
            articles = ArticleService(session)
            hits = [hit.article for hit in articles.search(query, limit=8)] if query else []
            topics: dict[str, list[object]] = {}
            for article in articles.list():
                topics.setdefault(article.topic, []).append(article)
            return pages.render(
                session,
                request,
                "help.html",
                section="help",
                help_query=query,
                hits=hits,
                topics=sorted(topics.items()),
            )

    @router.get("/shop/help/{slug}")
    def help_article(slug: str, request: Request, parts: PartsDep) -> HTMLResponse:
        with parts.database.reading() as session:
            try:
                article = ArticleService(session).by_slug(slug)
            except NotFound:
                return pages.render(session, request, "missing.html", status=404)
            body = pages.templates.article_body(article.body)
            return pages.render(
                session, request, "article.html", section="help", article=article, body=body
            )

    return router


def _some_of_each(catalog: CatalogService) -> list[Product]:
    """For the front page: from every shelf its first products, shelf after shelf in turn."""
    shelves = [
        catalog.products(category_slug=category.slug, limit=_OF_EACH).items
        for category in catalog.categories()
    ]
    # The first of several variants alone: neighbours would look the same.
    spread = [shelf[:: max(1, len(shelf) // 2)][:2] for shelf in shelves]
    return [product for row in zip_longest(*spread) for product in row if product is not None]
