"""The agent: a model in service, and the stores that stay when another model takes its place."""

import copy
from pathlib import Path

from rasa.core.agent import Agent
from rasa.core.channels.channel import UserMessage
from rasa.core.nlg import TemplatedNaturalLanguageGenerator
from rasa.core.processor import MessageProcessor
from rasa.core.tracker_store import FailSafeTrackerStore
from rasa.engine.exceptions import GraphComponentException
from rasa.shared.core.constants import ACTION_LISTEN_NAME
from rasa.shared.core.events import ActionExecuted, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.shared.exceptions import RasaException

_TRIAL = "hello"


class ModelUnusable(Exception):
    """A model archive cannot serve; one line that names the file and the reason."""


def load_model(agent: Agent, model: Path) -> None:
    """Loads the archive and has it read a message and choose what to do.

    What cannot answer is found out here and not by a customer, and the first turn is as quick as
    the others.

    Raises:
        ModelUnusable: the archive is cut short, damaged, or holds only part of an assistant.
    """
    try:
        agent.load_model(str(model))
        if agent.processor is None:
            raise ValueError("it holds no model")
        _try_out(agent.processor)
    except Exception as error:
        # Rasa, its components, tarfile and zlib each have kinds of their own for what is wrong.
        raise ModelUnusable(unusable(model, error)) from error


def successor(agent: Agent) -> Agent:
    """An agent without a model yet, with the stores of the one that serves.

    It sees the working memory through a domain of its own, so a turn that is still running under
    the old model ends under the old domain. Locks are shared: two turns of one conversation stay
    one after the other, whichever model answers them.
    """
    store = agent.tracker_store
    if isinstance(store, FailSafeTrackerStore):
        store = store._tracker_store
    words = None if isinstance(agent.nlg, TemplatedNaturalLanguageGenerator) else agent.nlg
    return Agent(
        tracker_store=copy.copy(store),
        lock_store=agent.lock_store,
        generator=words,
        action_endpoint=agent.action_endpoint,
    )


def is_tuned(processor: MessageProcessor) -> bool:
    """Whether the encoder was tuned for any part of the model."""
    nodes = processor.model_metadata.predict_schema.nodes.values()
    return any(node.config.get("tune") is True for node in nodes)


def unusable(file: Path, error: BaseException) -> str:
    """Why a file cannot be used, in one line."""
    if isinstance(error, GraphComponentException) and error.__cause__ is not None:
        error = error.__cause__  # Rasa's own line names a node of its graph and hides the reason
    said = next((line for line in map(str.strip, str(error).splitlines()) if line), "")
    kind = type(error).__name__
    if not said:
        said = kind
    elif not isinstance(error, RasaException | OSError | ValueError):
        said = f"{said} ({kind})"
    return f"{file} cannot be used: {said}"


def _try_out(processor: MessageProcessor) -> None:
    metadata = processor.model_metadata
    if not metadata.nlu_target or not metadata.core_target:
        raise ValueError("it was trained without understanding or without dialogue")
    tracker = DialogueStateTracker.from_events(
        "trial", [ActionExecuted(ACTION_LISTEN_NAME)], processor.domain.slots
    )
    parsed = processor._parse_message_with_graph(UserMessage(_TRIAL), tracker)
    said = UserUttered(_TRIAL, parsed["intent"], parsed["entities"], parsed)
    tracker.update(said, processor.domain)
    processor._predict_next_with_tracker(tracker)
