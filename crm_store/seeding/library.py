"""The knowledge base's authored articles: a Markdown file each under ``articles/``.

A file begins with a front matter of ``title``, ``topic`` and ``summary`` lines between two lines of
three dashes; the rest is the body. The file's name is the article's slug.
"""

from dataclasses import dataclass
from importlib import resources

_FIELDS = ("title", "topic", "summary")


@dataclass(frozen=True, slots=True)
class ArticleDraft:
    """An article as its author wrote it."""

    slug: str
    title: str
    topic: str
    summary: str
    body: str


def load_articles() -> list[ArticleDraft]:
    """Every article, by slug.

    Raises:
        ValueError: a file's front matter lacks a field; the message names both.
    """
    folder = resources.files(__package__) / "articles"
    files = (entry for entry in folder.iterdir() if entry.name.endswith(".md"))
    drafts = [
        _read(entry.name.removesuffix(".md"), entry.read_text(encoding="utf-8")) for entry in files
    ]
    return sorted(drafts, key=lambda draft: draft.slug)


def _read(slug: str, text: str) -> ArticleDraft:
    start, head, body = text.split("---\n", 2)
    if start.strip():
        raise ValueError(f"{slug}.md: does not begin with a front matter")
    fields = dict(line.split(": ", 1) for line in head.strip().splitlines())
    for name in _FIELDS:
        if not fields.get(name):
            raise ValueError(f"{slug}.md: the front matter has no {name}")
    return ArticleDraft(slug, fields["title"], fields["topic"], fields["summary"], body.strip())
