"""A report as tables, for the terminal and for Markdown alike."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from bot.evaluation.figures import Figures, at

Format = Callable[[float], str]

_LONG = 90


@dataclass(frozen=True)
class Table:
    """Cells of text under a title; the first column is a name, the others align right."""

    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    text_columns: tuple[int, ...] = (0,)


def percent(value: float) -> str:
    """0.9312 as 93.1 %."""
    return f"{100 * value:.1f} %"


def number(value: float) -> str:
    """Three digits of what is small, whole ones of what is large."""
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.3g}"


_INTENTS: tuple[tuple[str, str, Format], ...] = (
    ("accuracy", "accuracy", percent),
    ("in scope, refused ones wrong", "in_scope_accuracy", percent),
    ("likeliest intent, in scope", "top_intent_accuracy", percent),
    ("wrongly refused", "false_reject", percent),
    ("foreign messages recalled", "oos_recall", percent),
    ("macro-F1", "macro_f1", percent),
    ("calibration error", "ece", percent),
    ("AUROC in scope against foreign", "oos.auroc", percent),
    ("entities, micro-F1", "entities.micro.f1", percent),
    ("entities, macro-F1", "entities.macro_f1", percent),
    ("entities, value as annotated", "entities.value_match", percent),
)
_TONES: tuple[tuple[str, str, Format], ...] = (
    ("accuracy", "accuracy", percent),
    ("macro-F1", "macro_f1", percent),
    ("calibration error", "ece", percent),
    ("valence, mean distance", "valence_mae", number),
    ("frustrated, AUROC", "frustrated_auroc", percent),
    ("frustrated among negative, AUROC", "frustrated_auroc_in_negative", percent),
    ("frustrated, calibration error", "frustrated_ece", percent),
)
_COSTS: tuple[tuple[str, str, Format], ...] = (
    ("ms a message, p50", "latency_ms.p50", number),
    ("ms a message, p95", "latency_ms.p95", number),
    ("ms of processor a message, p50", "latency_ms.busy_p50", number),
    ("training, s", "cost.train_seconds", number),
    ("loading the model, s", "cost.load_seconds", number),
    ("from start to ready, s", "cost.ready_seconds", number),
    ("memory, Rasa included, MB", "cost.resident_mb", number),
    ("archive, MB", "cost.archive_mb", number),
)


def nlu_tables(report: Figures, top: int) -> list[Table]:
    """Of `kefu eval nlu`."""
    foreign = f", {report['foreign_rows']:,} foreign" if report["foreign_rows"] else ""
    title = f"Intents: {report['rows']:,} messages of {report['labels']} intents{foreign}"
    return [
        _summary(title, report, _INTENTS + _COSTS),
        *_scope(report),
        *_entities(report),
        *_per_class("Weakest intents", report, top),
        *_confusions(report, top),
    ]


def sentiment_tables(report: Figures, top: int) -> list[Table]:
    """Of `kefu eval sentiment`."""
    return [
        _summary(f"Sentiment: {report['rows']:,} messages", report, _TONES + _COSTS),
        *_per_class("Labels", report, top),
        *_confusions(report, top),
    ]


def _summary(title: str, report: Figures, lines: Sequence[tuple[str, str, Format]]) -> Table:
    peer = report.get("peer")
    columns = ("", "Kefu", *((peer["name"], "Kefu / peer") if peer else ()))
    rows = []
    for name, key, shape in lines:
        ours, theirs = at(report, key), at(peer or {}, key)
        if ours is None and theirs is None:
            continue
        cells = [name, _cell(report, key, shape)]
        if peer:
            cells += [_cell(peer, key, shape), f"{ours / theirs:.2f}" if ours and theirs else ""]
        rows.append(tuple(cells))
    return Table(title, columns, tuple(rows))


def _cell(figures: Figures, key: str, shape: Format) -> str:
    value = at(figures, key)
    if value is None:
        return ""
    spread = (figures.get("spread") or {}).get(key)
    return shape(value) if spread is None else f"{shape(value)} ± {shape(spread)}"


def _scope(report: Figures) -> list[Table]:
    peer = report.get("peer") or {}
    if not report.get("oos"):
        return []
    theirs = (peer.get("oos") or {}).get("at_false_reject") or []
    columns = ["wrongly refused, at most", "foreign recalled", "in scope right"]
    columns += [f"{peer['name']}: foreign recalled", "in scope right"] if theirs else []
    rows = []
    for place, point in enumerate(report["oos"]["at_false_reject"]):
        cells = [percent(point["false_reject"])]
        for one in (point, *theirs[place : place + 1]):
            cells += [percent(one["oos_recall"]), percent(one["in_scope_accuracy"])]
        rows.append(tuple(cells))
    title = f"At fixed false-reject rates, by {report['oos']['scored_by']}"
    return [Table(title, tuple(columns), tuple(rows))]


def _entities(report: Figures) -> list[Table]:
    found = report.get("entities")
    if not found:
        return []
    rows = tuple(
        (
            row["entity"],
            *(percent(row[key]) for key in ("precision", "recall", "f1")),
            str(row["support"]),
        )
        for row in found["per_entity"]
    )
    return [
        Table("Entities, exact span and type", ("", "precision", "recall", "F1", "spans"), rows)
    ]


def _per_class(title: str, report: Figures, top: int) -> list[Table]:
    weak = [row for row in report["per_class"] if row["f1"] < 1.0][:top]
    if not weak:
        return []
    rows = tuple(
        (
            row["label"],
            *(percent(row[key]) for key in ("precision", "recall", "f1")),
            str(row["support"]),
        )
        for row in weak
    )
    return [Table(title, ("", "precision", "recall", "F1", "messages"), rows)]


def _cut(text: str) -> str:
    flat = " ".join(text.split())
    return flat if len(flat) <= _LONG else f"{flat[: _LONG - 1]}…"


def _confusions(report: Figures, top: int) -> list[Table]:
    rows = tuple(
        (row["label"], row["taken_for"], str(row["count"]), _cut(row["example"]))
        for row in report["confusions"][:top]
    )
    if not rows:
        return []
    columns = ("meant", "understood as", "times", "such as")
    return [Table("Confusions", columns, rows, text_columns=(0, 1, 3))]
