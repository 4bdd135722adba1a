"""The knowledge base: articles that the bot answers from and links to."""

import builtins
from dataclasses import dataclass
from typing import Literal
from uuid import UUID

import numpy as np
from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from crm_store.articles.ranking import Vector, rank_by_meaning, rank_by_words
from crm_store.models import Article
from crm_store.texts import storable
from foundation.errors import Invalid, NotFound


@dataclass(frozen=True, slots=True)
class ArticleHit:
    """An article found; scores compare only within one way of finding."""

    article: Article
    score: float
    """By meaning: the cosine. By text: the share of the query that is found, in (0, 1]."""
    by: Literal["meaning", "text"]


class ArticleService:
    """Finds published articles and keeps their vectors."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def search(
        self, query: str, *, vector: Vector | None = None, model: str | None = None, limit: int = 3
    ) -> builtins.list[ArticleHit]:
        """The articles that answer the query best.

        Args:
            query: the question as typed.
            vector: the query's embedding; without one, or when no article has a vector of that
                model and length, words are compared instead.
            model: the name of the model that made the vector.
            limit: at most this many.
        """
        articles = self.list()
        if vector is not None and model:
            embedded = [a for a in articles if a.embedding_model == model]
            near = rank_by_meaning(vector, embedded)
            if near:
                return [ArticleHit(a, score, "meaning") for a, score in near[:limit]]
        found = rank_by_words(storable(query), articles)
        return [ArticleHit(a, score, "text") for a, score in found[:limit]]

    def without_embedding(self, model: str) -> builtins.list[Article]:
        """Published articles that have no vector of this model yet."""
        return builtins.list(
            self._session.scalars(
                select(Article)
                .where(
                    Article.published,
                    or_(Article.embedding_model.is_(None), Article.embedding_model != model),
                )
                .order_by(Article.slug)
            )
        )

    def store_embedding(self, article_id: UUID, *, model: str, vector: Vector) -> None:
        """Keep an article's vector, as float32.

        Raises:
            NotFound: no such article.
            Invalid: the vector is empty or not finite.
        """
        values = np.asarray(vector, dtype="<f4").ravel()
        if not values.size or not np.isfinite(values).all():
            raise Invalid("vector: has to have finite numbers")
        article = self._session.get(Article, article_id)
        if article is None:
            raise NotFound("no such article")
        article.embedding = values.tobytes()
        article.embedding_model = model
        self._session.flush()

    def by_slug(self, slug: str) -> Article:
        """The published article with this address.

        Raises:
            NotFound: absent or not published.
        """
        article = self._session.scalar(
            select(Article).where(Article.slug == storable(slug), Article.published)
        )
        if article is None:
            raise NotFound("no such article")
        return article

    def list(self) -> builtins.list[Article]:
        """Every published article by address."""
        return builtins.list(
            self._session.scalars(select(Article).where(Article.published).order_by(Article.slug))
        )
