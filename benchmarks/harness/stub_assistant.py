"""A connector that answers at once, in a process of its own: what is measured is the gateway.

``python -m benchmarks.harness.stub_assistant PORT``. Says what was asked, and the same to a turn
that is asked again, as the real one does.
"""

import sys

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

_NLU = {
    "intent": "greet",
    "confidence": 0.9,
    "ranking": [{"name": "greet", "confidence": 0.9}],
    "entities": [],
    "sentiment": {"label": "neutral", "score": 0.8, "valence": 0.0},
}


async def _turn(request: Request) -> JSONResponse:
    asked = await request.json()
    said = {"text": f"You said: {asked['text']}", "payload": None}
    return JSONResponse(
        {"messages": [said], "nlu": _NLU, "actions": ["utter_greet"], "handoff": None}
    )


async def _ready(_request: Request) -> JSONResponse:
    return JSONResponse({})


app = Starlette(
    routes=[
        Route("/webhooks/kefu/turn", _turn, methods=["POST"]),
        Route("/webhooks/kefu/ready", _ready),
        Route("/health", _ready),
    ]
)

if __name__ == "__main__":
    uvicorn.run(app, host="127.0.0.1", port=int(sys.argv[1]), log_level="warning")
