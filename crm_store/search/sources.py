"""What can be found: each kind of thing, its table, and the columns that are searched."""

from dataclasses import dataclass

from crm_store.crypto.sealed import PREFIX
from crm_store.models.search import SearchKind

MONTH = "d"
"""The letter before a month, ``d202611``, by which a search in a span of time is narrowed."""


@dataclass(frozen=True, slots=True)
class Source:
    """A table whose rows are found by their words.

    Attributes:
        letter: stands before each word in the index, so that each kind has words of its own: a
            search for customers never reads through the messages.
        columns: what is indexed; their texts may be null.
        at: the column with the time of the thing.
        named: whether the first column is somebody's name, found with typing errors too.
        hidden: a condition on the ``{row}`` under which it is not to be found.
        hides: the columns that ``hidden`` reads, beside ``columns``.
    """

    kind: SearchKind
    letter: str
    table: str
    columns: tuple[str, ...]
    at: str = "created_at"
    named: bool = False
    hidden: str | None = None
    hides: tuple[str, ...] = ()

    def shown(self, row: str) -> str:
        """The SQL condition that a row is to be found."""
        return f"NOT ({self.hidden.format(row=row)})" if self.hidden else "TRUE"

    def text(self, row: str) -> str:
        """The SQL expression of all that is indexed of a row."""
        return " || ' ' || ".join(f"coalesce({row}.{column}, '')" for column in self.columns)

    @property
    def watched(self) -> tuple[str, ...]:
        """The columns whose change changes the index."""
        return (*self.columns, *self.hides, self.at)


SOURCES = (
    # What is encrypted is not to be found: its words in an index would be as good as the text.
    Source(
        SearchKind.MESSAGE, "m", "messages", ("text",), "sent_at",
        hidden=f"substr({{row}}.text, 1, {len(PREFIX)}) = '{PREFIX}'",
    ),
    Source(
        SearchKind.CUSTOMER, "c", "customers", ("name", "external_id"), named=True,
        hidden="{row}.merged_into_id IS NOT NULL", hides=("merged_into_id",),
    ),
    Source(SearchKind.TICKET, "t", "tickets", ("number", "subject", "body")),
    Source(SearchKind.ARTICLE, "a", "articles", ("title", "summary", "body")),
    Source(SearchKind.LEAD, "l", "leads", ("name", "company"), named=True),
    Source(
        SearchKind.ACCOUNT, "n", "accounts", ("name",), named=True,
        hidden="{row}.merged_into_id IS NOT NULL", hides=("merged_into_id",),
    ),
    Source(SearchKind.OPPORTUNITY, "o", "opportunities", ("name", "next_step")),
)  # fmt: skip
BY_KIND = {source.kind: source for source in SOURCES}
NAMED = tuple(source for source in SOURCES if source.named)


def month_word(at: str) -> str:
    """The word of a time as it is stored, by which a search in a span of time is narrowed."""
    return f"{MONTH}{at[:4]}{at[5:7]}"
