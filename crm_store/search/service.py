"""Searching everything at once, scoped by who is asking."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from crm_store.asking import AsCustomer, Asker
from crm_store.crypto.lookup import messages_are_encrypted
from crm_store.models import SearchKind
from crm_store.pages import MAX_LIMIT, Page, decode_cursor, encode_cursor
from crm_store.permissions import Permission, may, require
from crm_store.search.exact import exact_hits
from crm_store.search.finding import Finder
from crm_store.search.hits import Hit, HitKind, load_hits
from crm_store.search.query import Term, parse
from crm_store.search.scope import LAST, Found, Scope
from crm_store.search.sources import BY_KIND
from crm_store.texts import storable
from foundation.errors import Invalid

NEEDED: dict[HitKind, Permission | None] = {
    HitKind.MESSAGE: Permission.CONVERSATIONS_READ,
    HitKind.CUSTOMER: Permission.CUSTOMERS_READ,
    HitKind.TICKET: Permission.TICKETS_READ,
    HitKind.ARTICLE: None,
    HitKind.LEAD: Permission.SALES_READ,
    HitKind.ACCOUNT: Permission.SALES_READ,
    HitKind.OPPORTUNITY: Permission.SALES_READ,
    HitKind.ORDER: Permission.ORDERS_READ,
}
_OWN = (HitKind.MESSAGE, HitKind.TICKET, HitKind.ARTICLE, HitKind.ORDER)
_EXACT, _NEAR = 0, 1


@dataclass(frozen=True, slots=True)
class Answer:
    """A page of hits. ``messages_searched`` is False when the store keeps them encrypted."""

    items: list[Hit]
    next_cursor: str | None
    messages_searched: bool


class SearchService:
    """Finds messages, customers, tickets, articles and the sales side by their words."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._finder = Finder(session)

    def search(
        self,
        q: str,
        *,
        kinds: Sequence[HitKind] = (),
        customer_id: UUID | None = None,
        since: datetime | None = None,
        until: datetime | None = None,
        cursor: str | None = None,
        limit: int = 20,
        asker: Asker,
    ) -> Answer:
        """What holds every word of ``q``, the newest first; the last word may go on.

        A whole number of an order or ticket, e-mail address or phone number comes first. Names
        with a letter wrong come after all that is written as asked.

        Args:
            q: what was typed, in any case, with or without accents.
            kinds: what to look for; all that the asker may see when empty.
            customer_id: only what belongs to this customer.
            since: not before.
            until: before.
            cursor: where the page before ended.
            limit: hits wanted.
            asker: a customer finds what is theirs and published articles.

        Raises:
            Invalid: the cursor is not one of this list.
            NotAllowed: the asker may not see one of the kinds asked for.
        """
        q = storable(q)
        kinds = _allowed(asker, kinds)
        searched = HitKind.MESSAGE in kinds and not messages_are_encrypted(self._session)
        limit = max(1, min(limit, MAX_LIMIT))
        phase, before = _read(cursor)
        first = exact_hits(
            self._session, q, kinds, customer_id=customer_id, since=since, until=until, asker=asker
        )
        scope = Scope(
            kinds=tuple(SearchKind(kind) for kind in kinds if kind is not HitKind.ORDER),
            customer_id=customer_id,
            as_customer=asker if isinstance(asker, AsCustomer) else None,
            since=since,
            until=until,
        )
        terms = parse(q)
        room = limit if cursor else max(0, limit - len(first))
        found, place, shown = self._page(scope, terms, phase, before, room)
        known = {hit.id for hit in first}
        hits = load_hits(self._session, [one for one in found if one.ref_id not in known], shown)
        return Answer(
            items=hits if cursor else [*first, *hits][:limit],
            next_cursor=encode_cursor(*place) if place else None,
            messages_searched=searched,
        )

    def refs(
        self,
        q: str,
        kind: SearchKind,
        *,
        most: int,
        cursor: str | None = None,
        customer_id: UUID | None = None,
        forgiving: bool = True,
    ) -> Page[UUID]:
        """The ids of things of one kind that match; the caller scopes what it shows of them.

        With ``forgiving`` those whose name is a letter off follow.

        Raises:
            Invalid: the cursor is not one of this list.
        """
        phase, before = _read(cursor)
        scope = Scope(kinds=(kind,), customer_id=customer_id)
        found, place, _ = self._page(
            scope, parse(storable(q)), phase, before, most, forgiving=forgiving
        )
        return Page([one.ref_id for one in found], encode_cursor(*place) if place else None)

    def _page(
        self,
        scope: Scope,
        terms: list[Term],
        phase: int,
        before: int,
        room: int,
        *,
        forgiving: bool = True,
    ) -> tuple[list[Found], tuple[int, int] | None, list[Term]]:
        """Entries of a page, where the next one begins, and all terms to be marked."""
        if not terms or not scope.kinds:
            return [], None, terms
        found: list[Found] = []
        named = tuple(kind for kind in scope.kinds if BY_KIND[kind].named)
        rare = self._finder.in_no_name(terms) if named == scope.kinds else []
        nowhere = [term for term in rare if self._finder.is_nowhere(named, term)]
        if phase == _EXACT:
            if not nowhere:
                found = self._finder.entries(
                    scope, terms, before=before, limit=room + 1, rare=bool(rare)
                )
            if len(found) > room:
                return found[:room], (_EXACT, found[room - 1].entry if room else before), terms
            before = LAST
        near = self._finder.near(terms, nowhere=nowhere) if forgiving and named else []
        if not near:
            return found, None, terms
        more = self._finder.entries(
            replace(scope, kinds=named),
            near,
            without=() if nowhere else terms,
            before=before,
            limit=room - len(found) + 1,
            rare=any(term in rare for term in near),
        )
        left = room - len(found)
        if len(more) > left:
            last = more[left - 1].entry if left else before
            return [*found, *more[:left]], (_NEAR, last), near
        return [*found, *more], None, near


def _allowed(asker: Asker, kinds: Sequence[HitKind]) -> tuple[HitKind, ...]:
    """The kinds to look for: those asked for, which the asker must be able to see, or all."""
    if isinstance(asker, AsCustomer):
        return tuple(kind for kind in _OWN if not kinds or kind in kinds)
    for kind in kinds:
        permission = NEEDED[kind]
        if permission is not None:
            require(asker, permission)
    wanted = dict.fromkeys(kinds) or NEEDED
    return tuple(kind for kind in wanted if (p := NEEDED[kind]) is None or may(asker, p))


def _read(cursor: str | None) -> tuple[int, int]:
    if not cursor:
        return _EXACT, LAST
    phase, before = decode_cursor(cursor, int, int)
    if phase not in (_EXACT, _NEAR) or not 0 < before <= LAST:
        raise Invalid("cursor: not a cursor of this list")
    return phase, before
