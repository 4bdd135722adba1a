"""Articles get their vectors from the assistant, the one place where texts become vectors."""

import httpx
import numpy as np

from crm_store.articles.service import ArticleService
from crm_store.database import Database
from foundation.settings import Settings

_BATCH = 32
_SECONDS = 30.0
_PATH = "/webhooks/kefu/embed"


def embed_missing_articles(settings: Settings, database: Database) -> int:
    """Embed articles that have no vector of the model in service; returns how many.

    Raises:
        httpx.HTTPError: the assistant does not answer, or refuses.
    """
    headers = {"X-Kefu-Token": settings.internal_token.get_secret_value()}
    with httpx.Client(base_url=settings.rasa_url, headers=headers, timeout=_SECONDS) as client:
        model = str(_embed(client, ["model"])["model"])
        with database.reading() as session:
            waiting = ArticleService(session).without_embedding(model)
        for start in range(0, len(waiting), _BATCH):
            articles = waiting[start : start + _BATCH]
            texts = [f"{article.title}. {article.summary}" for article in articles]
            vectors = _embed(client, texts)["vectors"]
            with database.transaction() as session:
                service = ArticleService(session)
                for article, vector in zip(articles, vectors, strict=True):
                    service.store_embedding(
                        article.id, model=model, vector=np.asarray(vector, dtype=np.float32)
                    )
    return len(waiting)


def _embed(client: httpx.Client, texts: list[str]) -> dict[str, list[list[float]]]:
    answer = client.post(_PATH, json={"texts": texts})
    answer.raise_for_status()
    vectors: dict[str, list[list[float]]] = answer.json()
    return vectors
