"""The readable page: one file that needs nothing else, written piece by piece."""

import json
from collections.abc import Callable, Iterator, Mapping
from html import escape
from typing import Any

from crm_store.privacy.exporting.rows import Row
from crm_store.privacy.exporting.style import STYLE
from crm_store.privacy.exporting.words import Words
from foundation.money import format_money

Rows = Callable[[str], Iterator[Row]]
Messages = Callable[[str], Iterator[Row]]
_TOLD_ELSEWHERE = ("messages",)  # inside their conversations
_MOST_OPEN = 10
"""Rows; a longer list is folded, so that the page can be overlooked on a phone."""
_MOST_CHATS_OPEN = 3


def render(
    counts: Mapping[str, int], rows: Rows, messages: Messages, *, words: Words, made_at: str
) -> Iterator[str]:
    """The page.

    Args:
        counts: how many rows each list has, in order.
        rows: gives a list's rows.
        messages: gives the messages of a conversation by its id.
        words: in the customer's language.
        made_at: when the copy was made.
    """
    listed = [name for name in counts if name not in _TOLD_ELSEWHERE]
    shown = [name for name in listed if counts[name]]
    empty = [words.list_title(name) for name in listed if not counts[name]]
    title = escape(words["title"])
    yield (
        f'<!doctype html><html lang="{words.language}"><head><meta charset="utf-8">'
        '<meta http-equiv="Content-Security-Policy"'
        " content=\"default-src 'none'; style-src 'unsafe-inline'\">"
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{title}</title><style>{STYLE}</style></head><body><main><h1>{title}</h1>"
        f"<p>{escape(words['intro'].format(made_at=_time(made_at)))} {escape(words['times'])}</p>"
        f"<nav><h2>{escape(words['contents'])}</h2><ul>"
    )
    for name in shown:
        count = _count(name, counts)
        yield f'<li><a href="#{name}">{escape(words.list_title(name))}</a>{count}</li>'
    yield "</ul></nav>"
    for name in shown:
        is_open = counts[name] <= (_MOST_CHATS_OPEN if name == "conversations" else _MOST_OPEN)
        yield (
            f'<section id="{name}"><details{" open" if is_open else ""}><summary>'
            f"<h2>{escape(words.list_title(name))}</h2>{_count(name, counts)}</summary>"
        )
        if name == "conversations":
            yield from _conversations(rows(name), messages, words, is_open=is_open)
        elif name == "customer":
            yield from _profile(rows(name), words)
        else:
            yield from _table(rows(name), words)
        yield "</details></section>"
    if empty:
        said = words["empty"] + words["colon"] + words["comma"].join(empty)
        yield f'<p class="empty">{escape(said)}</p>'
    yield "</main></body></html>\n"


def _count(name: str, counts: Mapping[str, int]) -> str:
    # Somebody's profile is not counted; after a merge it is the profiles that they had.
    return "" if name == "customer" else f' <span class="count">{counts[name]:,}</span>'


def _profile(rows: Iterator[Row], words: Words) -> Iterator[str]:
    for row in rows:
        yield "<dl>"
        for name, value in row.items():
            if value is not None:
                yield f"<dt>{escape(words.column(name))}</dt><dd>{_value(name, row, words)}</dd>"
        yield "</dl>"


def _conversations(
    rows: Iterator[Row], messages: Messages, words: Words, *, is_open: bool
) -> Iterator[str]:
    for row in rows:
        topic = f" · {escape(str(row['topic']))}" if row["topic"] else ""
        yield (
            f"<article><details{' open' if is_open else ''}>"
            f"<summary><h3>{_time(row['created_at'])}{topic}</h3></summary>"
        )
        for message in messages(row["id"]):
            author = message["author"]
            who = words[author] if author in {"customer", "system"} else message["name"]
            yield (
                f'<div class="message {author}"><p class="by">{escape(who or words[author])}'
                f" <time>{_time(message['sent_at'])}</time></p>"
                f"<p>{_text(message['text'])}</p></div>"
            )
        yield "</details></article>"


def _table(rows: Iterator[Row], words: Words) -> Iterator[str]:
    first = next(rows, None)
    if first is None:
        return
    heads = "".join(f"<th>{escape(words.column(name))}</th>" for name in first)
    yield f'<div class="wide"><table><thead><tr>{heads}</tr></thead><tbody>'
    for row in _with(first, rows):
        yield f"<tr>{''.join(f'<td>{_value(name, row, words)}</td>' for name in row)}</tr>"
    yield "</tbody></table></div>"


def _with(first: Row, rest: Iterator[Row]) -> Iterator[Row]:
    yield first
    yield from rest


def _value(name: str, row: Row, words: Words) -> str:
    value = row[name]
    if value is None or value == "":
        return ""
    if isinstance(value, bool):
        return escape(words["yes"] if value else words["no"])
    if name.endswith("_minor") and isinstance(value, int):
        currency = row.get("currency")
        return escape(format_money(value, currency) if currency else f"{value / 100:.2f}")
    if isinstance(value, dict | list):
        return f"<code>{escape(json.dumps(value, ensure_ascii=False))}</code>"
    if name.endswith("_at") or name == "at":
        return f"<time>{_time(str(value))}</time>"
    return _text(value)


def _text(value: Any) -> str:
    return escape(str(value)).replace("\n", "<br>")


def _time(text: str) -> str:
    return escape(text[:16].replace("T", " "))
