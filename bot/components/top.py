"""Tuned upper layers as they are served: a graph that starts from the encoder's token states."""

import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from bot.components.encoder import Encoded, Vectors
from bot.components.sessions import each, open_session

if TYPE_CHECKING:
    from bot.components.pretrained import Top


class ServedTop:
    """Unit vectors of texts from their token states at the split."""

    def __init__(self, graph: bytes, *, threads: int = 1) -> None:
        """Opens the graph.

        Args:
            graph: an ONNX file's bytes, as `export_top` makes them.
            threads: of the processor, for one text.
        """
        self.graph = graph
        self._session = open_session(graph, threads)

    def vectors(self, encoded: Sequence[Encoded], *, threads: int = 1) -> Vectors:
        """(texts, dimensions); each text alone, ``threads`` of them at the same time."""
        found: Vectors = np.stack(list(each(self._run, encoded, threads)))
        return found

    def _run(self, encoded: Encoded) -> Vectors:
        states = encoded.states[None]
        mask = np.ones(states.shape[:2], dtype=np.int64)
        vectors: Vectors = self._session.run(
            ["vectors"], {"states": states, "attention_mask": mask}
        )[0][0]
        return vectors


def export_top(top: "Top", states: Vectors) -> bytes:
    """The graph of tuned layers, weights in 8 bits.

    Args:
        states: of any text, (tokens, dimensions), to trace with.
    """
    # A server has no use for torch; only training comes here.
    import torch

    from bot.components.graphs import write_graph

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "top.onnx"
        sample = torch.from_numpy(states)[None]
        write_graph(
            top,
            (sample, torch.ones(sample.shape[:2], dtype=torch.long)),
            path,
            inputs=("states", "attention_mask"),
            outputs=("vectors",),
        )
        return path.read_bytes()
