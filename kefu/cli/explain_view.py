"""An explanation for the terminal: every bar has its number, every colour its sign."""

from collections.abc import Iterator

from rich.console import RenderableType
from rich.table import Table
from rich.text import Text

from gateway.explanation import ExplainedWord, Explanation

_FOR, _AGAINST = "cyan", "magenta"
_RANKING_WIDTH = 30
_WORD_WIDTH = 5
_FULL_SCALE = 0.2
"""Where all words weigh less than this, their bars stay short."""

_NOTICED = 0.02
_METER_WIDTH = 41
_VALENCE_WIDTH = 41


def drawn(explanation: Explanation) -> Iterator[RenderableType]:
    """The parts of the view from top to bottom."""
    yield Text()
    yield _sentence(explanation)
    yield _headed("Intent", _intent_line(explanation))
    yield _ranking(explanation)
    yield _headed("Scope", _scope_line(explanation))
    yield _meter(explanation)
    yield _headed("Sentiment", _sentiment_line(explanation))
    yield _valence(explanation)
    yield _headed("Words", Text("what is lost without them", style="dim"))
    yield _words(explanation)
    yield _headed("Nearest examples", Text("cosine, 1 is the same", style="dim"))
    yield _nearest(explanation)


def _headed(title: str, line: Text) -> RenderableType:
    return Text.assemble("\n", (f"{title}  ", "bold"), line)


def _sentence(explanation: Explanation) -> Text:
    """The text itself, with the words that speak for and against the intent marked."""
    sentence = Text(explanation.text)
    for word in explanation.words:
        if abs(word.intent) >= _NOTICED:
            style = f"bold {_FOR}" if word.intent > 0 else f"{_AGAINST} underline"
            sentence.stylize(style, word.start, word.end)
    return sentence


def _intent_line(explanation: Explanation) -> Text:
    intent = explanation.intent
    return Text.assemble((intent.name, "bold"), f"  {_percent(intent.confidence)} sure")


def _ranking(explanation: Explanation) -> Table:
    table = Table.grid(padding=(0, 2))
    table.add_column()
    table.add_column(width=_RANKING_WIDTH)
    table.add_column(justify="right")
    for ranked in explanation.intent.ranking:
        length = round(ranked.confidence * _RANKING_WIDTH)
        table.add_row(f"  {ranked.name}", "█" * length or "▏", _percent(ranked.confidence))
    return table


def _scope_line(explanation: Explanation) -> Text:
    scope = explanation.scope
    where = ("inside what was taught", _FOR) if scope.inside else ("outside", _AGAINST)
    return Text.assemble(
        where,
        f"  score {_signed(scope.score)}, threshold {_signed(scope.threshold)}"
        f"; nearest {scope.nearest} (cosine {scope.similarity:.2f})",
    )


def _meter(explanation: Explanation) -> Text:
    """The score on a scale with the threshold in its middle."""
    scope = explanation.scope
    distance = scope.score - scope.threshold
    reach = max(2.0, abs(distance) * 1.2)
    return _scale("  outside ", distance / reach, " inside", _METER_WIDTH)


def _sentiment_line(explanation: Explanation) -> Text:
    sentiment = explanation.sentiment
    return Text.assemble(
        (sentiment.label, "bold"),
        f"  {_percent(sentiment.score)} sure; valence {_signed(sentiment.valence)}"
        f"; frustrated {_percent(sentiment.frustrated)}",
    )


def _valence(explanation: Explanation) -> Text:
    return _scale("  −1 ", explanation.sentiment.valence, " +1", _VALENCE_WIDTH)


def _scale(left: str, value: float, right: str, width: int) -> Text:
    """A line from -1 to 1 with its middle and the value marked."""
    middle = width // 2
    cells = ["─"] * width
    cells[middle] = "┼"
    cells[round((1 + max(-1.0, min(1.0, value))) * middle)] = "●"
    return Text.assemble((left, "dim"), "".join(cells), (right, "dim"))


def _words(explanation: Explanation) -> RenderableType:
    words = explanation.words
    if not words:
        return Text("  there are none", style="dim")
    table = Table(box=None, padding=(0, 1), header_style="dim")
    table.add_column("", overflow="fold", max_width=28)
    for title in ("intent, points", "valence", "frustrated, points"):
        table.add_column(title)
    scales = [
        max(_FULL_SCALE, *(abs(value) for value in values))
        for values in zip(*(_weights(word) for word in words), strict=True)
    ]
    for word in words:
        intent, valence, frustrated = _weights(word)
        table.add_row(
            " ".join(word.text.split()),
            _weighed(intent, scales[0], _points(intent)),
            _weighed(valence, scales[1], _signed(valence)),
            _weighed(frustrated, scales[2], _points(frustrated)),
        )
    return table


def _weights(word: ExplainedWord) -> tuple[float, float, float]:
    return word.intent, word.sentiment, word.frustrated


def _weighed(value: float, scale: float, said: str) -> Text:
    """A number and a bar to the left or to the right of its axis."""
    bar = "█" * round(abs(value) / scale * _WORD_WIDTH)
    sides = f"{bar:>{_WORD_WIDTH}}│" if value < 0 else f"{'':{_WORD_WIDTH}}│{bar}"
    style = "dim" if not bar else _FOR if value > 0 else _AGAINST
    return Text.assemble(f"{said:>5} ", (sides, style))


def _nearest(explanation: Explanation) -> Table:
    table = Table.grid(padding=(0, 2))
    for example in explanation.nearest:
        table.add_row(
            f"  {example.similarity:.2f}", Text(example.intent, style="bold"), Text(example.text)
        )
    return table


def _percent(part: float) -> str:
    return f"{part * 100:.1f} %"


def _points(part: float) -> str:
    number = round(part * 100)
    return f"{number:+d}".replace("-", "−") if number else "0"


def _signed(value: float) -> str:
    return f"{value:+.2f}".replace("-", "−")
