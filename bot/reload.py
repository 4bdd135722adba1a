"""Takes a newly trained model into service while conversations go on.

The archive's file is looked at every few seconds. When it has changed and is no longer growing, it
is loaded in a thread beside the one that serves, tried out, and put in its place between two
requests. Turns that are running end with the model that they began with. An archive that cannot be
used is told in one line, and the old model stays.
"""

import asyncio
import hashlib
import logging
import time
from pathlib import Path
from types import SimpleNamespace

from rasa.core.agent import Agent

from bot.agents import ModelUnusable, load_model, successor, unusable

logger = logging.getLogger(__name__)

_CHUNK = 1 << 20

Stamp = tuple[int, int, int]


class ModelWatch:
    """Watches one archive from before it is loaded for the first time."""

    def __init__(self, model: Path, *, seconds: float = 5.0) -> None:
        """Remembers the archive as it is now.

        Args:
            seconds: between two looks.

        Raises:
            OSError: it cannot be read.
        """
        self._model = model
        self._seconds = seconds
        self._seen = self._growing = _stamp(model)
        self._served = _digest(model)

    async def follow(self, context: SimpleNamespace) -> None:
        """Keeps ``context.agent`` at the newest usable model; runs until it is cancelled."""
        while True:
            await asyncio.sleep(self._seconds)
            stamp = _stamp(self._model)
            if stamp == self._seen:
                continue
            if stamp != self._growing:
                self._growing = stamp  # it may still be being written: look once more
                continue
            self._seen = stamp
            if stamp is None:
                logger.warning("%s is gone; the old model stays in service", self._model)
                continue
            try:
                await self._take(context)
            except (ModelUnusable, OSError) as error:
                line = (
                    str(error) if isinstance(error, ModelUnusable) else unusable(self._model, error)
                )
                logger.error("%s; the old model stays in service", line)

    async def _take(self, context: SimpleNamespace) -> None:
        begun = time.monotonic()
        digest = await asyncio.to_thread(_digest, self._model)
        if digest == self._served:
            return  # only touched
        context.agent = await asyncio.to_thread(_loaded, context.agent, self._model)
        self._served = digest
        seconds = time.monotonic() - begun
        logger.info("%s is in service now (loaded in %.1f s)", self._model, seconds)


def _loaded(agent: Agent, model: Path) -> Agent:
    new = successor(agent)
    load_model(new, model)
    return new


def _stamp(file: Path) -> Stamp | None:
    """Changes whenever the file does, however it is replaced; None when it is not there."""
    try:
        found = file.stat()
    except OSError:
        return None
    return found.st_mtime_ns, found.st_size, found.st_ino


def _digest(file: Path) -> str:
    digest = hashlib.sha256()
    with file.open("rb") as stream:
        while chunk := stream.read(_CHUNK):
            digest.update(chunk)
    return digest.hexdigest()
