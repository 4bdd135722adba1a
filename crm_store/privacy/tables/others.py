"""Tables that belong to no customer: staff, catalogue, knowledge, operations."""

from crm_store.privacy.classified import Classified, DataClass, nobodys

_STAFF = "staff's, not customers'"
_SHOP = "the shop's own"
_KNOWLEDGE = "written by staff for everybody"

TABLES: list[Classified] = [
    nobodys(
        "users",
        DataClass.STAFF,
        why=_STAFF,
        columns="id email name password_hash role disabled_at created_at",
    ),
    nobodys(
        "user_sessions",
        DataClass.ACCESS,
        why=_STAFF,
        columns="id user_id token_digest csrf_digest expires_at created_at",
    ),
    nobodys(
        "api_keys",
        DataClass.STAFF,
        why=_STAFF,
        columns="id name prefix digest permissions created_by created_at expires_at last_used_at"
        " revoked_at",
    ),
    nobodys(
        "attempts",
        DataClass.ACCESS,
        why="digests of who tried, for two days",
        columns="id scope subject at",
    ),
    nobodys(
        "audit_entries",
        DataClass.AUDIT,
        why="ids only, and sealed: who did what must be provable; after an erasure they lead"
        " to nobody",
        columns="seq at actor_kind actor_id actor_reason api_key_id action target_kind target_id"
        " facts key_id previous_hash hash",
    ),
    nobodys(
        "audit_head",
        DataClass.AUDIT,
        why="where the log begins and ends",
        columns="id first_seq first_previous_hash seq hash key_id seal",
    ),
    nobodys(
        "data_keys",
        DataClass.OPERATIONS,
        why="names of keys",
        columns="key_id check_value created_at complete_at unused_at",
    ),
    nobodys(
        "import_runs",
        DataClass.OPERATIONS,
        why="names of files and counts; rejected rows are files, which retention deletes",
        columns="id target source_name fingerprint mapping status dry_run batch_size batches read"
        " created updated unchanged rejected erased possible_duplicates rules reject_bytes position"
        " total error user_id created_at started_at finished_at",
    ),
    nobodys(
        "jobs",
        DataClass.OPERATIONS,
        why="ids and counts; those of an erased person lead to nobody",
        columns="id kind payload unique_key status run_at attempts locked_by beats state result"
        " last_error created_at started_at finished_at",
    ),
    nobodys(
        "search_entries",
        DataClass.OPERATIONS,
        why="follows the rows that it indexes, by triggers of the database",
        columns="entry kind ref_id at words",
    ),
    nobodys(
        "search_names",
        DataClass.OPERATIONS,
        why="words that occur in names, of nobody in particular; unused ones go with the index",
        columns="id key word",
    ),
    nobodys(
        "sites",
        DataClass.OPERATIONS,
        why=_SHOP,
        columns="id site_key name origins identity_required shares_customers settings calendar_id"
        " version created_at disabled_at",
    ),
    nobodys(
        "site_secrets",
        DataClass.OPERATIONS,
        why=_SHOP,
        columns="id site_id secret created_at expires_at",
    ),
    nobodys(
        "used_identities",
        DataClass.ACCESS,
        why="digests, until what they are of has expired",
        columns="id site_id jti_digest browser_digest expires_at",
    ),
    nobodys("categories", DataClass.CATALOGUE, why=_SHOP, columns="id slug name synonyms"),
    nobodys(
        "products",
        DataClass.CATALOGUE,
        why=_SHOP,
        columns="id sku slug name description category_id price_minor currency stock restock_days"
        " warranty_months attributes active created_at",
    ),
    nobodys(
        "articles",
        DataClass.CATALOGUE,
        why=_KNOWLEDGE,
        columns="id slug title summary body topic published embedding embedding_model created_at"
        " updated_at",
    ),
    nobodys(
        "canned_replies",
        DataClass.CATALOGUE,
        why=_KNOWLEDGE,
        columns="id shortcut title text retired_at version created_at updated_at updated_by_id",
    ),
    nobodys(
        "labels",
        DataClass.CATALOGUE,
        why=_KNOWLEDGE,
        columns="id name folded tone description version created_at updated_at updated_by_id",
    ),
    nobodys(
        "business_calendars",
        DataClass.CATALOGUE,
        why=_SHOP,
        columns="id name time_zone hours country subdivision is_default version created_at"
        " updated_at updated_by_id",
    ),
    nobodys("calendar_days", DataClass.CATALOGUE, why=_SHOP, columns="calendar_id day name hours"),
    nobodys(
        "sla_policies",
        DataClass.CATALOGUE,
        why=_SHOP,
        columns="id name position type priority segment calendar_id first_response_minutes"
        " resolution_minutes warn_minutes active version created_at updated_at updated_by_id",
    ),
]
