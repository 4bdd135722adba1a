"""What analysis found out about a customer, and what it found out about all."""

from crm_store.privacy.classified import Classified, DataClass, deleted, nobodys

_ANALYTICS = DataClass.ANALYTICS
_OF_ALL = "figures over many customers; none of them can be told from it"

TABLES: list[Classified] = [
    deleted(
        "interests",
        _ANALYTICS,
        ("customer_id", "conversation_id -> conversations.id"),
        shown="term category_id product_id weight at conversation_id",
        inside="id message_id customer_id",
        export="interests",
    ),
    deleted(
        "segment_memberships",
        _ANALYTICS,
        "customer_id",
        shown="segment_id rfm features assigned_at",
        inside="customer_id",
        export="segment",
    ),
    deleted(
        "recommendations",
        _ANALYTICS,
        "customer_id",
        shown="product_id rank score reason computed_at",
        inside="id customer_id",
        export="recommendations",
    ),
    deleted(
        "recommendation_feedback",
        _ANALYTICS,
        "customer_id",
        shown="product_id kind rank score reason at",
        inside="id customer_id conversation_id source_key",
        export="recommendation_feedback",
    ),
    deleted(
        "predictions",
        _ANALYTICS,
        "customer_id",
        shown="kind score horizon_days reasons computed_at",
        inside="id run_id customer_id",
        export="predictions",
    ),
    deleted(
        "decisions",
        _ANALYTICS,
        "customer_id",
        shown="policy action offer score reasons offered_at outcome outcome_at outcome_data",
        inside="id customer_id conversation_id run_id source_key",
        export="decisions",
    ),
    nobodys(
        "segments",
        _ANALYTICS,
        why=_OF_ALL,
        columns="id run_id name description size profile",
    ),
    nobodys("item_similarities", _ANALYTICS, why=_OF_ALL, columns="product_id other_id score"),
    nobodys(
        "model_runs",
        _ANALYTICS,
        why=_OF_ALL,
        columns="id kind engine params metrics started_at finished_at",
    ),
]
