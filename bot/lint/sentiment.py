"""The sentences labelled by tone: one label for each, and no contradiction in a row."""

from collections.abc import Iterator

from bot.lint.findings import Finding, error, warning
from bot.lint.project import Project
from bot.lint.sentiment_rows import Row
from bot.lint.wording import normalised


def check(project: Project) -> Iterator[Finding]:
    """Rows that repeat or contradict an earlier one, and happy customers who are frustrated."""
    exact: dict[str, Row] = {}
    first: dict[str, Row] = {}
    for row in project.rows:
        if row.frustrated and row.label != "negative":
            said = f"'{row.text}' is {row.label}, so it cannot be frustrated"
            yield error(row.file, row.line, "sentiment-frustrated", said, row.text)
        same = exact.setdefault(row.text.casefold(), row)
        alike = first.setdefault(normalised(row.text), row)
        if same is not row:
            alike = same
        where = f"{alike.file}:{alike.line}"
        if alike.label != row.label:
            said = f"'{row.text}' is {row.label} here and {alike.label} in {where}"
            yield error(row.file, row.line, "sentiment-contradiction", said, row.text)
        elif same is not row:
            said = f"'{row.text}' is there already ({where})"
            yield warning(row.file, row.line, "sentiment-duplicate", said, row.text)
