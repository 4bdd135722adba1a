"""Who somebody is, what they allowed, and which records were found to be theirs."""

from crm_store.privacy.classified import Classified, DataClass, deleted, nobodys

_PROFILE = DataClass.PROFILE

TABLES: list[Classified] = [
    deleted(
        "customers",
        _PROFILE,
        ("id", "merged_into_id"),
        shown="id external_id name email phone locale street postal_code city country"
        " deletion_requested_at created_at updated_at",
        inside="merged_into_id email_index phone_index",
        export="customer",
    ),
    deleted(
        "identities",
        _PROFILE,
        "customer_id",
        shown="channel subject verified_at verified_email verified_phone created_at",
        inside="id customer_id",
        export="identities",
    ),
    deleted(
        "consents",
        _PROFILE,
        "customer_id",
        shown="purpose granted at source wording evidence superseded_at",
        inside="id customer_id user_id",
        export="consents",
    ),
    deleted(
        "customer_merges",
        _PROFILE,
        ("survivor_id", "loser_id"),
        inside="id survivor_id loser_id seq how merged_by merged_at undone_by undone_at changes"
        " kept_aside",
    ),
    deleted(
        "duplicate_pairs",
        _PROFILE,
        ("first_id", "second_id"),
        inside="id first_id second_id score certain reasons status decided_by decided_at created_at"
        " updated_at",
    ),
    nobodys(
        "tombstones",
        DataClass.PROOF,
        why="keyed digests: they tell whether somebody was erased, and nothing of who was",
        columns="id erasure_id kind digest erased_at lifted_at",
    ),
]
