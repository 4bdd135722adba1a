"""Pictures of an evaluation: which labels are taken for which, and how honest confidence is."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import LinearSegmentedColormap, PowerNorm
from matplotlib.figure import Figure
from numpy.typing import NDArray
from scipy.cluster.hierarchy import leaves_list, linkage
from scipy.spatial.distance import squareform

Matrix = NDArray[np.int64]

_MANY = 40
"""Up to so many labels all are drawn; of more, those on which an error falls."""

_INK, _FAINT, _RIGHT, _WRONG = "#1f2933", "#9aa5b1", "#2f6f9f", "#c8452b"
_RIGHTS = LinearSegmentedColormap.from_list("rights", ["#eef4f8", "#9cc3dc"])
_WRONGS = LinearSegmentedColormap.from_list("wrongs", ["#fde3da", "#f08a6b", "#a3230f"])


def draw_confusions(
    golds: Sequence[str],
    answers: Sequence[str],
    path: Path,
    *,
    scale: Sequence[str] = (),
    last: str | None = None,
) -> None:
    """The confusion matrix, labels that are confused beside each other.

    Rows are true labels, columns what was understood. Right answers are blue by their share of the
    row, wrong ones red by their count.

    Args:
        scale: labels that have an order of their own, which is kept.
        last: the label at the end: what is foreign is taken for anything, and is no neighbour.
    """
    labels = list(scale) or sorted(set(golds) | set(answers))
    counts = _counts(golds, answers, labels)
    order = list(range(len(labels)))
    if not scale:
        order = _clustered(counts, labels.index(last) if last in labels else None)
    wrong = counts - np.diag(np.diag(counts))
    erring = (wrong.sum(axis=0) + wrong.sum(axis=1)) > 0
    left_out = 0
    if len(labels) > _MANY and erring.any():
        left_out = int((~erring).sum())
        order = [place for place in order if erring[place]]
    shown = counts[np.ix_(order, order)]
    totals = counts.sum(axis=1)[order]
    names = [labels[place] for place in order]
    right, total = int(np.trace(counts)), int(counts.sum())
    title = f"{right:,} of {total:,} messages right,\n{total - right:,} taken for something else"
    if left_out:
        title += f"; {left_out} of {len(labels)} labels are left out: no error falls on them"
    figure = _matrix(shown, totals, names, title)
    figure.savefig(path, dpi=140)


def draw_reliability(bins: Sequence[dict[str, Any]], ece: float | None, path: Path) -> None:
    """Accuracy over confidence, and how many messages each bin holds."""
    figure = Figure(figsize=(5.6, 5.8), layout="constrained")
    upper, lower = figure.subplots(2, 1, sharex=True, height_ratios=[3, 1])
    used = [row for row in bins if row["count"]]
    middles = [(row["from"] + row["to"]) / 2 for row in used]
    width = 0.9 / max(len(bins), 1)
    upper.bar(middles, [row["accuracy"] for row in used], width, color=_RIGHT, label="accuracy")
    for middle, row in zip(middles, used, strict=True):
        upper.plot(
            [middle - width / 2, middle + width / 2],
            [row["confidence"]] * 2,
            color=_WRONG,
            linewidth=2,
            label="mean confidence" if row is used[0] else None,
        )
    upper.plot([0, 1], [0, 1], color=_FAINT, linewidth=1, linestyle=(0, (4, 3)), label="honest")
    upper.set(ylim=(0, 1.02), xlim=(0, 1), ylabel="share that is right")
    upper.legend(loc="upper left", frameon=False)
    said = "" if ece is None else f" (expected calibration error {100 * ece:.1f} points)"
    upper.set_title(f"Is the confidence honest?{said}", loc="left", fontsize=11, color=_INK)
    lower.bar(middles, [row["count"] for row in used], width, color=_FAINT)
    lower.set(xlabel="confidence in the likeliest label", ylabel="messages")
    for axes in (upper, lower):
        _plain(axes)
    figure.savefig(path, dpi=140)


def _counts(golds: Sequence[str], answers: Sequence[str], labels: Sequence[str]) -> Matrix:
    places = {label: place for place, label in enumerate(labels)}
    counts: Matrix = np.zeros((len(labels), len(labels)), dtype=np.int64)
    rows, columns = [places[gold] for gold in golds], [places[answer] for answer in answers]
    np.add.at(counts, (rows, columns), 1)
    return counts


def _clustered(counts: Matrix, last: int | None) -> list[int]:
    """An order in which labels that are taken for each other are neighbours."""
    if last is not None:
        others = [place for place in range(len(counts)) if place != last]
        inner = _clustered(counts[np.ix_(others, others)], None)
        return [*(others[place] for place in inner), last]
    if len(counts) < 3:
        return list(range(len(counts)))
    totals = np.maximum(counts.sum(axis=1, keepdims=True), 1)
    shares = counts / totals
    near = np.minimum(shares + shares.T, 1.0)
    distances = 1.0 - near
    np.fill_diagonal(distances, 0.0)
    tree = linkage(squareform(distances, checks=False), "average", optimal_ordering=True)
    return [int(place) for place in leaves_list(tree)]


def _matrix(shown: Matrix, totals: Matrix, names: Sequence[str], title: str) -> Figure:
    count = len(names)
    cell = 0.34 if count <= 20 else 0.24 if count <= _MANY else 0.17
    letters = max((len(name) for name in names), default=1)
    # Points to inches at 0.6 of the font's size a letter.
    font = 9.0 if count <= 20 else 7.5 if count <= _MANY else 6.5
    margin = letters * font * 0.58 / 72 + 0.4
    side = max(count * cell, 3.0)
    figure = Figure(figsize=(side + margin + 0.3, side + margin + 1.0), layout="constrained")
    axes = figure.subplots()
    right = np.diag(np.diag(shown / np.maximum(totals, 1)[:, None]))
    diagonal = np.eye(count, dtype=bool)
    axes.imshow(np.ma.masked_where(~diagonal | (shown == 0), right), cmap=_RIGHTS, vmin=0, vmax=1)
    wrong = np.ma.masked_where(diagonal | (shown == 0), shown)
    most = int(wrong.max()) if wrong.count() else 1
    # From one error to many; a handful alone is not painted as a disaster.
    reds = PowerNorm(0.6, vmin=1, vmax=max(most, 6))
    axes.imshow(wrong, cmap=_WRONGS, norm=reds)
    for row, column in zip(*np.nonzero(shown), strict=True):
        number, off = int(shown[row, column]), row != column
        axes.text(
            column,
            row,
            str(number),
            ha="center",
            va="center",
            fontsize=font * (1.0 if number < 100 else 0.75),
            color=("white" if reds(number) > 0.6 else _INK) if off else _RIGHT,
        )
    _name_axes(axes, names, shown, font)
    axes.set_title(title, loc="left", fontsize=10, color=_INK, pad=10)
    axes.set_xlabel("understood as", color=_INK)
    axes.set_ylabel("meant", color=_INK)
    return figure


def _name_axes(axes: Axes, names: Sequence[str], shown: Matrix, font: float) -> None:
    count = len(names)
    axes.set_xticks(range(count), names, rotation=90, fontsize=font)
    axes.set_yticks(range(count), names, fontsize=font)
    axes.tick_params(length=0, colors=_INK)
    # A label without an error of its own is there because others were taken for it.
    wrong = shown - np.diag(np.diag(shown))
    for ticks, errors in (
        (axes.get_xticklabels(), wrong.sum(axis=0)),
        (axes.get_yticklabels(), wrong.sum(axis=1)),
    ):
        for tick, number in zip(ticks, errors, strict=True):
            if not number:
                tick.set_color(_FAINT)
    axes.set_xticks(np.arange(-0.5, count), minor=True)
    axes.set_yticks(np.arange(-0.5, count), minor=True)
    axes.grid(which="minor", color="#e4e7eb", linewidth=0.5)
    axes.tick_params(which="minor", length=0)
    for spine in axes.spines.values():
        spine.set_color(_FAINT)


def _plain(axes: Axes) -> None:
    for side in ("top", "right"):
        axes.spines[side].set_visible(False)
    axes.tick_params(colors=_INK)
