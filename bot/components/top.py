"""A tuned upper half as it is served: a graph that starts from the encoder's token states."""

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from bot.components.encoder import Encoded, Vectors
from bot.components.sessions import open_session

if TYPE_CHECKING:
    from bot.components.pretrained import Top

_BATCH = 32


class ServedTop:
    """Unit vectors of texts from their token states at the split."""

    def __init__(self, graph: bytes, *, threads: int = 1) -> None:
        """Opens the graph.

        Args:
            graph: an ONNX file's bytes, as `export_top` makes them.
        """
        self.graph = graph
        self._session = open_session(graph, threads)

    def vectors(self, encoded: list[Encoded]) -> Vectors:
        """(texts, dimensions); neighbours in length share a batch."""
        found = np.zeros((len(encoded), encoded[0].states.shape[1]), dtype=np.float32)
        order = sorted(range(len(encoded)), key=lambda index: len(encoded[index].states))
        for start in range(0, len(order), _BATCH):
            batch = order[start : start + _BATCH]
            rows = [encoded[index].states for index in batch]
            longest = max(len(states) for states in rows)
            states = np.zeros((len(rows), longest, rows[0].shape[1]), dtype=np.float32)
            mask = np.zeros((len(rows), longest), dtype=np.int64)
            for row, one in enumerate(rows):
                states[row, : len(one)] = one
                mask[row, : len(one)] = 1
            found[batch] = self._session.run(
                ["vectors"], {"states": states, "attention_mask": mask}
            )[0]
        return found


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
