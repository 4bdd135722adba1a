"""Encoder passes shared by the readings of one explanation."""

from collections.abc import Sequence

from bot.components.encoder import Encoded, SentenceEncoder


class Passes:
    """Stands in for the encoder of a reading, so that variants are read exactly as messages are.

    Each text has a pass of its own. In a batch the numbers of an 8-bit graph depend on the other
    texts; a confidence moved by 0.06, which is more than most words weigh. And the memory that
    serves conversations neither helps nor learns.
    """

    def __init__(self, encoder: SentenceEncoder) -> None:
        self._encoder = encoder
        self._known: dict[str, Encoded] = {}

    def message(self, text: str) -> Encoded:
        """One text."""
        if text not in self._known:
            self._known[text] = self._encoder.everything([text])[0]
        return self._known[text]

    def everything(self, texts: Sequence[str]) -> list[Encoded]:
        """Several texts."""
        return [self.message(text) for text in texts]
