"""Messages read as our server reads them, without the dialogue behind it."""

from typing import Any

from rasa.core.agent import Agent
from rasa.core.channels.channel import UserMessage
from rasa.shared.core.trackers import DialogueStateTracker

from bot.turns import Silent, TurnProcessor


class ServerReader(TurnProcessor):
    """The server's processor, asked only to understand.

    The way from a text to its parse result is the server's own, so that what is measured cannot
    drift from what is served.
    """

    def __init__(self, agent: Agent) -> None:
        """Takes over the agent's model."""
        super().__init__(agent, seconds=float("inf"))
        self._nobody = DialogueStateTracker.from_events("evaluation", [])

    async def read(self, text: str) -> dict[str, Any]:
        """The parse result of a text; spans are places in ``text``.

        Rasa takes the spaces off a message; where it began with some, spans are moved back.
        """
        parsed = await self._parsed_text(UserMessage(text, Silent(), "evaluation"), self._nobody)
        before = len(text) - len(text.lstrip())
        if before:
            for entity in parsed["entities"]:
                entity["start"] += before
                entity["end"] += before
        return parsed
