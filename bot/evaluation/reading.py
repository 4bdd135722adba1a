"""The worker's reading: every text by itself through a loaded model."""

import asyncio
import json
import os
import resource
import sys
import tarfile
import time
import zlib
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

from rasa.core.agent import Agent
from rasa.shared.exceptions import RasaException
from tqdm import tqdm

from bot.evaluation.errors import EvaluationFailed
from bot.evaluation.jobs import BEGUN

Read = Callable[[str], Awaitable[dict[str, Any]]]

_WARM_UP = (
    "hello?",
    "could somebody have a look at this please",
    "I wrote on Monday and again on Thursday, and both times I was told that it is on its way",
    "one, two, three: is this thing on",
)
_KEPT = ("intent", "intent_ranking", "entities", "sentiment", "scope")
_DAMAGED = (RasaException, tarfile.TarError, EOFError, zlib.error, OSError, ValueError, KeyError)


def read(job: dict[str, Any], folder: Path) -> dict[str, Any]:
    """Writes readings.jsonl; returns what it took to have the model in memory.

    Raises:
        EvaluationFailed: the model cannot be loaded.
    """
    model = Path(job["model"])
    begun = time.perf_counter()
    try:
        agent = Agent.load(model)
    except _DAMAGED as error:
        said = str(error).strip().splitlines() or [type(error).__name__]
        raise EvaluationFailed(f"{model} cannot be used: {said[0]}") from error
    cost = {
        "load_seconds": time.perf_counter() - begun,
        "ready_seconds": time.time() - float(os.environ[BEGUN]),
        "resident_mb": _resident_mb(),
        "archive_mb": model.stat().st_size / 1e6,
    }
    asyncio.run(_read_all(_reader(agent, shipped=job["shipped"]), job["texts"], folder))
    return cost


def _reader(agent: Agent, *, shipped: bool) -> Read:
    if not shipped:
        stock: Read = agent.parse_message
        return stock
    # Imported here, because the peer's process must not hold our components and torch.
    from bot.evaluation.server import ServerReader  # noqa: PLC0415

    return ServerReader(agent).read


async def _read_all(read_one: Read, texts: list[str], folder: Path) -> None:
    for text in _WARM_UP:
        await read_one(text)
    seen = set(_WARM_UP)
    with (folder / "readings.jsonl").open("w", encoding="utf-8") as out:
        for text in tqdm(texts, desc="Reading messages", unit=" messages", disable=None):
            begun, busy = time.perf_counter(), time.process_time()
            parsed = await read_one(text)
            taken, worked = time.perf_counter() - begun, time.process_time() - busy
            row = {
                "parsed": {key: parsed.get(key) for key in _KEPT},
                "measured": {
                    "milliseconds": taken * 1e3,
                    "busy_milliseconds": worked * 1e3,
                    "again": text in seen,
                },
            }
            out.write(json.dumps(row, default=float) + "\n")
            seen.add(text)


def _resident_mb() -> float:
    """Memory of this process now; where the system does not say, the most it ever was."""
    statm = Path("/proc/self/statm")
    if statm.is_file():
        return int(statm.read_text().split()[1]) * resource.getpagesize() / 1e6
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return most / 1e6 if sys.platform == "darwin" else most / 1e3
