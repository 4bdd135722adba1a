"""A batch of customers with everything that they did."""

from collections.abc import Iterator

import numpy as np

from crm_store.seeding.backs import DRAWS as BACK_DRAWS
from crm_store.seeding.backs import Bought, maybe_return
from crm_store.seeding.baskets import COLUMNS, Item, Numbers, Rows, add_order, place
from crm_store.seeding.chats import GENERAL_SHARE, Chats
from crm_store.seeding.lives import DRAWS as LIFE_DRAWS
from crm_store.seeding.lives import live
from crm_store.seeding.occasions import Course, Occasions
from crm_store.seeding.people import COLUMNS as CUSTOMER_COLUMNS
from crm_store.seeding.people import Person, Population, external_id
from crm_store.seeding.scenes import QUIET_DAYS, SCENES
from crm_store.seeding.tastes import Floats, Ints, Tastes
from crm_store.seeding.times import DAY, HISTORY_DAYS, Calendar, start_of
from crm_store.seeding.writer import BulkWriter

_ORDERS_SHAPE, _ORDERS_MEAN = 0.9, 7.6
_MOST_ORDERS = 60
_LAST_YEARS_PRICES = 0.95
_YEAR = 365 * DAY
_CHEAP_MINOR = 4_000
_PLACE_DRAWS = 2
_QUANTITY_DRAWS = 5
_DRAWS = _PLACE_DRAWS + _QUANTITY_DRAWS + LIFE_DRAWS + BACK_DRAWS


class Batches:
    """Makes and writes customers; only one batch is in memory at a time."""

    def __init__(
        self,
        *,
        calendar: Calendar,
        tastes: Tastes,
        product_ids: list[str],
        shelf_slugs: list[str],
        numbers: Numbers,
        chats: Chats,
    ) -> None:
        self._calendar = calendar
        self._chats = chats
        self._tastes = tastes
        self._product_ids = product_ids
        self._shelves = [shelf_slugs[index] for index in tastes.shelf_of.tolist()]
        self._numbers = numbers
        self._population = Population()

    def write(
        self,
        writer: BulkWriter,
        rng: np.random.Generator,
        chat_rng: np.random.Generator,
        *,
        first: int,
        number: int,
    ) -> None:
        """Write customers ``first`` to ``first + number``, their orders and conversations."""
        scenes = len(SCENES) if first == 0 else 0
        people = list(
            self._population.draw(
                rng,
                first=first,
                number=number,
                today=self._calendar.today,
                locals_=min(scenes, number),
            )
        )
        ids = [self._numbers.ids.new() for _ in people]
        writer.write("customers", CUSTOMER_COLUMNS, _customer_rows(people, ids, first))
        consents = [
            (self._numbers.ids.new(), customer_id, start_of(person.joined))
            for person, customer_id in zip(people, ids, strict=True)
            if person.newsletter
        ]
        writer.write(
            "consents",
            ("id", "customer_id", "purpose", "granted", "at", "source"),
            [(key, owner, "marketing_email", True, at, "shop") for key, owner, at in consents],
        )
        rows = Rows()
        likes = self._tastes.favourites(rng, number)
        owners, times = self._orders(rng, people)
        quiet = self._calendar.now - QUIET_DAYS * DAY
        baskets = self._tastes.baskets(rng, likes[owners])
        draws = rng.random((len(owners), _DRAWS)).tolist()
        luck = chat_rng.random(len(owners)).tolist()
        occasions = Occasions(self._calendar)
        for owner, at, basket, draw, chance in zip(
            owners.tolist(), times.tolist(), baskets, draws, luck, strict=True
        ):
            if owner >= scenes or at < quiet:
                course = self._add(rows, (ids[owner], people[owner]), at, basket, draw)
                occasions.consider(course, owner, people[owner].joined * DAY, chance)
        self._add_scenes(rows, rng, people[:scenes], ids, likes)
        for table, columns in COLUMNS.items():
            writer.write(table, columns, getattr(rows, table))
        self._ask_generally(occasions, chat_rng, people, likes)
        customers = list(zip(ids, people, strict=True))
        # The scripted customers start afresh when somebody plays them.
        lasting = [one for one in occasions.lasting if first == 0 and one.customer >= scenes]
        self._chats.write(writer, chat_rng, customers, occasions.told, lasting)

    def _ask_generally(
        self,
        occasions: Occasions,
        rng: np.random.Generator,
        people: list[Person],
        likes: Floats,
    ) -> None:
        """Let some customers ask about what they like, without any order."""
        baskets = self._tastes.baskets(rng, likes)
        luck = rng.random(len(people)).tolist()
        for customer, (person, basket, chance) in enumerate(
            zip(people, baskets, luck, strict=True)
        ):
            asks = chance < GENERAL_SHARE
            if customer >= len(SCENES):
                occasions.ask_generally(customer, person.joined * DAY, basket, asks=asks)

    def _orders(self, rng: np.random.Generator, people: list[Person]) -> tuple[Ints, Ints]:
        """Who orders, and when: two arrays with an entry for each order."""
        first = np.array([person.joined + 1 for person in people], dtype=np.int64)
        first = np.maximum(first, self._calendar.first)
        tenure = (self._calendar.today - first) / HISTORY_DAYS
        # Most order now and then, a few all the time: a gamma mixture of Poisson counts.
        rates = rng.gamma(_ORDERS_SHAPE, _ORDERS_MEAN / _ORDERS_SHAPE, len(people))
        counts = np.minimum(rng.poisson(rates * tenure), _MOST_ORDERS)
        owners = np.repeat(np.arange(len(people)), counts)
        return owners, self._calendar.order_times(rng, first[owners])

    def _add(
        self,
        rows: Rows,
        customer: tuple[str, Person],
        at: int,
        basket: list[int],
        draw: list[float],
    ) -> Course:
        now, (customer_id, person) = self._calendar.now, customer
        items = [
            self._item(product, at, draw[_PLACE_DRAWS + line])
            for line, product in enumerate(basket)
        ]
        placed = place(at, items, person.country, draw)
        start = _PLACE_DRAWS + _QUANTITY_DRAWS
        life = live(placed, draw[start : start + LIFE_DRAWS], now)
        bought = [Bought(item.shelf, item.quantity, item.unit_price_minor) for item in items]
        back = maybe_return(life, bought, person.country, draw[start + LIFE_DRAWS :], now)
        made = add_order(
            rows,
            self._numbers,
            customer_id=customer_id,
            person=person,
            placed=placed,
            items=items,
            life=life,
            back=back,
            now=now,
        )
        return Course(made, placed, items, basket, life, back)

    def _add_scenes(
        self,
        rows: Rows,
        rng: np.random.Generator,
        people: list[Person],
        ids: list[str],
        likes: Floats,
    ) -> None:
        baskets = self._tastes.baskets(rng, likes[: len(people)])
        for scene_of, person, customer_id, basket in zip(
            SCENES, people, ids, baskets, strict=False
        ):
            items = [self._item(product, self._calendar.now, 1.0) for product in basket]
            total = place(self._calendar.now, items, person.country, [1.0, 0.0]).total_minor
            scene = scene_of(total, items[0].unit_price_minor, self._calendar)
            add_order(
                rows,
                self._numbers,
                customer_id=customer_id,
                person=person,
                placed=scene.placed,
                items=items,
                life=scene.life,
                back=scene.back,
                now=self._calendar.now,
            )

    def _item(self, product: int, at: int, draw: float) -> Item:
        draft = self._tastes.products[product]
        price = draft.price_minor
        if at < self._calendar.now - _YEAR:
            price = round(price * _LAST_YEARS_PRICES / 100) * 100
        often = 0.28 if draft.price_minor < _CHEAP_MINOR else 0.05
        quantity = 1 + (draw < often) + (draw < often / 4)
        return Item(self._product_ids[product], draft.name, self._shelves[product], quantity, price)


def _customer_rows(
    people: list[Person], ids: list[str], first: int
) -> Iterator[tuple[object, ...]]:
    for index, (person, customer_id) in enumerate(zip(people, ids, strict=True)):
        number = first + index
        joined = start_of(person.joined) + number * 37 % DAY
        yield (
            customer_id, external_id(number), person.name, person.email, person.phone,
            person.locale, person.street, person.postal_code, person.city, person.country,
            joined, joined,
        )  # fmt: skip
