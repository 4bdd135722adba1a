"""Finding articles."""

from uuid import UUID

import numpy as np
import pytest
from sqlalchemy.orm import Session

from crm_store.articles.service import ArticleService
from crm_store.database import Database
from crm_store.models import Article
from foundation.errors import Invalid, NotFound
from foundation.ids import new_id

MODEL = "encoder-1"


@pytest.fixture
def ids(database: Database) -> dict[str, UUID]:
    """Three published articles and a draft."""
    with database.transaction() as session:
        made = [
            write(session, "returns", "Sending something back", "Returns within 30 days."),
            write(session, "shipping", "Shipping costs", "Delivery costs 4.90 euros."),
            write(session, "warranty", "Warranty", "Two years on everything we deliver."),
            write(session, "draft", "Shipping secrets", "shipping", published=False),
        ]
    return {article.slug: article.id for article in made}


def write(session: Session, slug: str, title: str, body: str, published: bool = True) -> Article:
    article = Article(
        slug=slug, title=title, summary=title, body=body, topic="help", published=published
    )
    session.add(article)
    session.flush()
    return article


@pytest.mark.parametrize(
    ("query", "first"),
    [
        ("how much is shipping?", "shipping"),
        ("SHIPING COST", "shipping"),
        ("can I send it back", "returns"),
        ("warrenty", "warranty"),
    ],
)
def test_words_find_the_article(
    database: Database, ids: dict[str, UUID], query: str, first: str
) -> None:
    with database.reading() as session:
        hits = ArticleService(session).search(query)
    assert hits[0].article.slug == first
    assert hits[0].by == "text"
    assert all(0 < hit.score <= 1 for hit in hits)
    assert [hit.score for hit in hits] == sorted((h.score for h in hits), reverse=True)
    assert "draft" not in [hit.article.slug for hit in hits]


@pytest.mark.parametrize("query", ["", "the of and", "zzzzzz", "\x00", "🦊", "'; DROP TABLE"])
def test_nothing_to_find_is_nothing_found(
    database: Database, ids: dict[str, UUID], query: str
) -> None:
    with database.reading() as session:
        assert ArticleService(session).search(query) == []


def test_meaning_goes_before_words(database: Database, ids: dict[str, UUID]) -> None:
    with database.transaction() as session:
        service = ArticleService(session)
        for n, slug in enumerate(["returns", "shipping", "warranty"]):
            service.store_embedding(ids[slug], model=MODEL, vector=np.eye(3, dtype=np.float32)[n])
        query = np.array([0.1, 0.2, 0.9], dtype=np.float32) * 5
        hits = service.search("shipping", vector=query, model=MODEL, limit=2)
        assert [hit.article.slug for hit in hits] == ["warranty", "shipping"]
        assert hits[0].by == "meaning"
        assert hits[0].score == pytest.approx(0.9 / np.sqrt(0.86))


@pytest.mark.parametrize(
    ("vector", "model"),
    [
        (None, None),
        (np.ones(3, dtype=np.float32), "another model"),
        (np.ones(4, dtype=np.float32), MODEL),
        (np.zeros(3, dtype=np.float32), MODEL),
        (np.full(3, np.nan, dtype=np.float32), MODEL),
    ],
)
def test_without_a_usable_vector_words_decide(
    database: Database, ids: dict[str, UUID], vector: np.ndarray | None, model: str | None
) -> None:
    with database.transaction() as session:
        service = ArticleService(session)
        service.store_embedding(ids["returns"], model=MODEL, vector=np.ones(3, dtype=np.float32))
        (hit, *_) = service.search("shipping", vector=vector, model=model)
    assert (hit.article.slug, hit.by) == ("shipping", "text")


def test_what_lacks_a_vector_is_listed(database: Database, ids: dict[str, UUID]) -> None:
    with database.transaction() as session:
        service = ArticleService(session)
        service.store_embedding(ids["returns"], model=MODEL, vector=np.ones(3, dtype=np.float32))
        slugs = [article.slug for article in service.without_embedding(MODEL)]
        assert slugs == ["shipping", "warranty"]
        assert len(service.without_embedding("encoder-2")) == 3
        assert len(service.list()) == 3


def test_an_unusable_vector_is_refused(database: Database, ids: dict[str, UUID]) -> None:
    with database.transaction() as session:
        service = ArticleService(session)
        for vector in (np.array([]), np.array([np.inf])):
            with pytest.raises(Invalid):
                service.store_embedding(ids["returns"], model=MODEL, vector=vector)
        with pytest.raises(NotFound):
            service.store_embedding(new_id(), model=MODEL, vector=np.ones(3))


def test_an_article_is_found_by_its_address(database: Database, ids: dict[str, UUID]) -> None:
    with database.reading() as session:
        service = ArticleService(session)
        assert service.by_slug("returns").id == ids["returns"]
        for slug in ("draft", "absent", "\x00"):
            with pytest.raises(NotFound):
                service.by_slug(slug)
