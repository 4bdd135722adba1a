"""Names for arrays; apart from what makes them, so that the fast checks do not load a model."""

import numpy as np
from numpy.typing import NDArray

Vectors = NDArray[np.float32]
Floats = NDArray[np.floating]
Labels = NDArray[np.intp]
