"""Which pairs are compared at all: those that share one of these keys.

A key that very many share (a placeholder's e-mail address, a switchboard's number, a name like
Smith) says nothing and would make millions of pairs, so it counts as none.
"""

_MOST_IN_A_BLOCK = 60

BLOCKS = {
    "b_email": "email",
    "b_user": "email_user",
    "b_phone": "phone",
    "b_name": "name_key",
    "b_home": "street || '|' || postal_code",
    "b_name_town": "name_key || '|' || city",
    "b_family_code": "family || '|' || postal_code",
    "b_start": "substr(family, 1, 3) || substr(given, 1, 2) || '|' || substr(postal_code, 1, 3)",
}


def with_blocks(table: str) -> str:
    """SQL for the table with a column for each key, in words that DuckDB and Spark both know."""
    keys = ", ".join(f"{sql} as key_{name}" for name, sql in BLOCKS.items())
    columns = ", ".join(
        f"case when key_{name} is not null"
        f" and count(*) over (partition by key_{name}) <= {_MOST_IN_A_BLOCK}"
        f" then key_{name} end as {name}"
        for name in BLOCKS
    )
    return f"select *, {columns} from (select *, {keys} from {table}) as keyed"  # noqa: S608
