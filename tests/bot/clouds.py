"""Made-up vectors for tests that need no encoder."""

import numpy as np


def clouds(sizes, *, seed=3, dimensions=8):
    """Unit vectors around one corner per label, and the labels."""
    random = np.random.default_rng(seed)
    vectors, labels = [], []
    for place, (label, size) in enumerate(sizes.items()):
        centre = np.zeros(dimensions)
        centre[place] = 1.0
        vectors.append(centre + random.normal(scale=0.15, size=(size, dimensions)))
        labels += [label] * size
    stacked = np.concatenate(vectors)
    return (stacked / np.linalg.norm(stacked, axis=1, keepdims=True)).astype(np.float32), labels
