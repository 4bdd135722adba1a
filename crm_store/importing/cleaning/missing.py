"""What people write where there is nothing."""

from crm_store.importing.cleaning.rules import rule

MARKERS = frozenset(
    {
        "-", "--", "---", "–", "—", ".", "?", "n/a", "na", "n.a.", "#n/a", "nan", "null", "(null)",
        "<null>", "none", "nil", "missing", "unknown", "k.a.", "keine angabe", "unbekannt",
        "leer", "无", "未知", "暂无", "#value!", "#ref!", "#name?", "#div/0!", "#null!", "#num!",
        "\\n",
    }
)  # fmt: skip
_LONGEST = max(map(len, MARKERS))


@rule("missing_marker")
def is_missing(text: str) -> bool:
    """Read NA, N/A, null, none, "-", spreadsheet errors and the like as nothing."""
    return len(text) <= _LONGEST and text.lower() in MARKERS
