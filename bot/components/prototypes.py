"""Class means, where tuning starts and what distances are measured from."""

import numpy as np
from numpy.typing import NDArray

from bot.components.encoder import Vectors


def mean_vectors(vectors: Vectors, targets: NDArray[np.int64], count: int) -> Vectors:
    """The unit mean of each class, (classes, dimensions); zero for a class without examples."""
    sums = np.zeros((count, vectors.shape[1]), dtype=np.float32)
    np.add.at(sums, targets, vectors)
    lengths = np.linalg.norm(sums, axis=1, keepdims=True)
    found: Vectors = sums / np.maximum(lengths, 1e-9)
    return found
