"""Run by the assistant runtime: calls our action server with Rasa's own client code.

Usage: ``python rasa_side.py <url> <token> <action>``; prints what Rasa made of the answer as JSON.
"""

import asyncio
import json
import sys
import warnings

warnings.filterwarnings("ignore")

from rasa.core.actions.action import RemoteAction  # noqa: E402
from rasa.core.channels.channel import CollectingOutputChannel  # noqa: E402
from rasa.core.nlg import TemplatedNaturalLanguageGenerator  # noqa: E402
from rasa.shared.core.domain import Domain  # noqa: E402
from rasa.shared.core.events import ActionExecuted, UserUttered  # noqa: E402
from rasa.shared.core.trackers import DialogueStateTracker  # noqa: E402
from rasa.utils.endpoints import EndpointConfig  # noqa: E402

CONVERSATION = "01910000-0000-7000-8000-000000000000"
TURN = "01910000-0000-7000-8000-000000000001"


async def call(url: str, token: str, action: str, *, selective: bool) -> dict:
    domain = Domain.load("bot/domain")
    tracker = DialogueStateTracker.from_events(
        CONVERSATION,
        [
            ActionExecuted("action_listen"),
            UserUttered(
                "what is this",
                intent={"name": "out_of_scope", "confidence": 0.9},
                parse_data={
                    "intent_ranking": [{"name": "out_of_scope", "confidence": 0.9}] * 2,
                    "sentiment": {"label": "negative", "score": 0.9, "valence": -0.4},
                },
                metadata={"turn_id": TURN},
            ),
        ],
        slots=domain.slots,
    )
    endpoint = EndpointConfig.from_dict(
        {
            "url": url,
            "headers": {"X-Kefu-Token": token},
            **({"enable_selective_domain": True} if selective else {}),
        }
    )
    events = await RemoteAction(action, endpoint).run(
        CollectingOutputChannel(), TemplatedNaturalLanguageGenerator({}), tracker, domain
    )
    return {
        "said": [event.text for event in events if event.type_name == "bot"],
        "data": [event.data for event in events if event.type_name == "bot"],
        "slots": {event.key: event.value for event in events if event.type_name == "slot"},
        "types": [event.type_name for event in events],
    }


def main() -> None:
    url, token, action = sys.argv[1:]
    try:
        answers = [
            asyncio.run(call(url, token, action, selective=selective))
            for selective in (True, False)
        ]
    except Exception as error:
        print(json.dumps({"error": f"{type(error).__name__}: {error}"}))
        return
    print(json.dumps({"answers": answers}))


main()
