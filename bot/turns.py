"""One turn of a conversation, done whole or not at all.

Rasa's own processor logs an action that could not be run, forgets it, and saves the rest: the
customer waits for an answer that never comes. And around every tracker store Rasa puts one that
goes on in memory when the disk fails. Both are wrong for us: the gateway keeps the message and can
ask again, if it is told.
"""

import asyncio
from typing import Any

from rasa.core.actions.action import Action, ActionExecutionRejection
from rasa.core.agent import Agent
from rasa.core.channels.channel import OutputChannel, UserMessage
from rasa.core.nlg import NaturalLanguageGenerator
from rasa.core.policies.policy import PolicyPrediction
from rasa.core.processor import MessageProcessor
from rasa.core.tracker_store import FailSafeTrackerStore
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import Event
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.shared.core.training_data.story_reader.yaml_story_reader import YAMLStoryReader
from rasa.shared.nlu.constants import TEXT
from rasa.shared.nlu.training_data.message import Message

from bot.choices import typed_choice
from bot.components.sentiment import NEUTRAL, SENTIMENT
from bot.graph_runner import straight
from bot.readable import readable
from bot.replies import reply, turn_events


class ActionFailed(BaseException):
    """An action could not be executed; the turn is given up and nothing of it is kept.

    Not an `Exception`, because Rasa swallows those right where actions run. It never leaves
    `TurnProcessor.handle_turn`, which turns it into `TurnFailed`.
    """

    def __init__(self, action: str) -> None:
        super().__init__(action)
        self.action = action


class TurnFailed(Exception):
    """The turn was given up; it may be sent again with the same id."""

    def __init__(self, code: str, detail: str) -> None:
        super().__init__(detail)
        self.code = code
        self.detail = detail


class UnknownPayload(Exception):
    """A button's payload names an intent that the assistant does not have."""


class Silent(OutputChannel):
    """Sends nothing: the answer is read from the tracker once the turn is saved."""

    @classmethod
    def name(cls) -> str:
        """Name for channel-specific responses in the domain."""
        return "kefu"

    async def send_response(self, recipient_id: str, message: dict[str, Any]) -> None:
        """Does nothing; see the class."""


class TurnProcessor(MessageProcessor):
    """Rasa's processor with the parts of a loaded one, and turns that are all or nothing."""

    def __init__(self, agent: Agent, *, seconds: float) -> None:
        """Takes over the agent's model; nothing is loaded a second time.

        Args:
            agent: must be ready.
            seconds: a turn that takes longer is given up.
        """
        if agent.processor is None:
            raise ValueError("The agent has no model")
        vars(self).update(vars(agent.processor))
        self.graph_runner = straight(self.graph_runner)
        if isinstance(self.tracker_store, FailSafeTrackerStore):
            self.tracker_store = self.tracker_store._tracker_store
        self._seconds = seconds

    async def handle_turn(
        self,
        *,
        turn_id: str,
        conversation_id: str,
        text: str,
        payload: str | None,
        metadata: dict[str, Any],
    ) -> dict[str, Any]:
        """Answers a message, or repeats the answer when the turn was done before.

        Args:
            turn_id: the same for every attempt at the same message.
            conversation_id: Rasa's sender.
            text: what the customer wrote, or the title of the button. Always only text.
            payload: ``/intent{...}`` of a button that the assistant had offered; without one, the
                text may choose such a button.
            metadata: kept with the message, for actions.

        Raises:
            TurnFailed: nothing was saved, try again.
            UnknownPayload: trying again will not help.
        """
        try:
            return await asyncio.wait_for(
                self._locked_turn(turn_id, conversation_id, text, payload, metadata), self._seconds
            )
        except ActionFailed as failed:
            raise TurnFailed("action_failed", f"{failed.action} could not be run") from failed
        except TimeoutError as late:
            raise TurnFailed("turn_timeout", f"No answer within {self._seconds:g} s") from late

    async def _locked_turn(
        self,
        turn_id: str,
        conversation_id: str,
        text: str,
        payload: str | None,
        metadata: dict[str, Any],
    ) -> dict[str, Any]:
        async with self.lock_store.lock(conversation_id):
            tracker = await self.get_tracker(conversation_id)
            done = turn_events(tracker, turn_id)
            if done is not None:
                return reply(done)
            payload = payload or typed_choice(text, tracker)
            message = UserMessage(
                text or payload,
                Silent(),
                conversation_id,
                input_channel="kefu",
                message_id=turn_id,
                metadata={**metadata, "turn_id": turn_id},
            )
            message.parse_data = (
                self._parsed_payload(message.text or "", payload)
                if payload
                else await self._parsed_text(message, tracker)
            )
            await self._update_tracker_session(tracker, message.output_channel, message.metadata)
            await self._handle_message_with_tracker(message, tracker)
            tracker = await self.run_action_extract_slots(message.output_channel, tracker)
            await self._run_prediction_loop(message.output_channel, tracker)
            await self.save_tracker(tracker)
            events = turn_events(tracker, turn_id)
            if events is None:
                raise TurnFailed("turn_lost", "The dialogue dropped the message")
            return reply(events)

    async def _parsed_text(
        self, message: UserMessage, tracker: DialogueStateTracker
    ) -> dict[str, Any]:
        text = message.text or ""
        shielded = UserMessage(text, message.output_channel, message.sender_id)
        # A `UserMessage` strips its text, which would move every entity.
        shielded.text = readable(text)
        parsed = await self.parse_message(shielded, tracker)
        parsed[TEXT] = text
        return parsed

    def _parsed_payload(self, text: str, payload: str) -> dict[str, Any]:
        read = YAMLStoryReader.unpack_regex_message(
            Message({TEXT: payload}), self.domain, entity_extractor_name="payload"
        )
        intent = read.get("intent")
        if not intent or intent["name"] not in self.domain.intents:
            raise UnknownPayload
        return {**read.as_dict(only_output_properties=True), TEXT: text, SENTIMENT: dict(NEUTRAL)}

    async def _run_action(
        self,
        action: Action,
        tracker: DialogueStateTracker,
        output_channel: OutputChannel,
        nlg: NaturalLanguageGenerator,
        prediction: PolicyPrediction,
    ) -> bool:
        return await super()._run_action(_MustRun(action), tracker, output_channel, nlg, prediction)


class _MustRun(Action):
    """An action whose failure ends the turn."""

    def __init__(self, action: Action) -> None:
        self._action = action

    def name(self) -> str:
        return self._action.name()

    async def run(
        self,
        output_channel: OutputChannel,
        nlg: NaturalLanguageGenerator,
        tracker: DialogueStateTracker,
        domain: Domain,
    ) -> list[Event]:
        try:
            return await self._action.run(output_channel, nlg, tracker, domain)
        except ActionExecutionRejection:
            raise  # a form's way of saying that the message was not for it
        except Exception as error:
            raise ActionFailed(self.name()) from error

    def event_for_successful_execution(self, prediction: PolicyPrediction) -> Event:
        return self._action.event_for_successful_execution(prediction)
