"""What every segmenter takes and gives."""

from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from analytics.features.customers import CustomerFeatures
from foundation.errors import Invalid


class TooFewCustomers(Invalid):
    """There are not enough customers to group."""

    code = "too_few_customers"
    title = "There are too few customers with orders or conversations to group"


@dataclass(frozen=True)
class Segmentation:
    """Labels 0…k-1 for each customer, in the features' order, with how good the grouping is."""

    labels: NDArray[np.int64]
    clusters: int
    silhouette: float
    params: dict[str, Any]


class Segmenter(Protocol):
    """Groups customers; the same features and seed give the same labels."""

    @property
    def engine(self) -> str:
        """Where it runs: ``local`` or ``spark``."""
        ...

    def fit_predict(self, features: CustomerFeatures) -> Segmentation:
        """Group the customers.

        Raises:
            TooFewCustomers: fewer customers than the smallest number of groups.
        """
        ...
