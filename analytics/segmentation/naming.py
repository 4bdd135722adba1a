"""Names that a shop understands, from what makes a group differ from all customers."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from analytics.features.customers import COLUMNS, CustomerFeatures
from analytics.segmentation.rfm import Scores


@dataclass(frozen=True)
class Profile:
    """A group as people read it; ``means`` are in the features' own units."""

    label: int
    name: str
    description: str
    size: int
    means: dict[str, float]


# Tried in this order: the first that fits names the group. Scores are the group's mean quintiles.
_NAMES: tuple[tuple[str, str, str], ...] = (
    ("recent", "Champions", "bought lately, often and for much"),
    ("often", "Loyal", "come back often"),
    ("new", "New or occasional", "bought lately, but seldom so far"),
    ("big", "Big baskets", "seldom buy, but for much"),
    ("fading", "At risk", "used to buy often and have gone quiet"),
    ("gone", "Dormant", "have not bought for long"),
)


def name_segments(
    features: CustomerFeatures, scores: Scores, labels: NDArray[np.int64]
) -> list[Profile]:
    """A profile for each label, names unique."""
    profiles: list[Profile] = []
    taken: dict[str, int] = {}
    overall = features.values.mean(axis=0)
    for label in range(int(labels.max()) + 1):
        members = labels == label
        if not members.any():
            continue
        means = features.values[members].mean(axis=0)
        name, description = _name(scores[members].mean(axis=0), means)
        name, description = _with_conversations(name, description, means, overall)
        taken[name] = taken.get(name, 0) + 1
        if taken[name] > 1:
            name = f"{name} {taken[name]}"
        facts = dict(zip(COLUMNS, (round(float(mean), 3) for mean in means), strict=True))
        profiles.append(Profile(label, name, description, int(members.sum()), facts))
    return profiles


def _name(score: NDArray[np.float64], means: NDArray[np.float64]) -> tuple[str, str]:
    if means[COLUMNS.index("orders")] < 0.5:
        return "Prospects", "have asked us something but not bought yet"
    recency, frequency, monetary = (float(part) for part in score)
    fits = {
        "recent": recency >= 3.5 and frequency >= 3.5 and monetary >= 3.5,
        "often": frequency >= 3.5 and recency >= 2.5,
        "new": recency >= 3 and frequency < 3.5 and monetary < 3.5,
        "big": monetary >= 3.5 and frequency < 3.5,
        "fading": frequency >= 3 and recency < 2.5,
        "gone": True,
    }
    return next((name, text) for key, name, text in _NAMES if fits[key])


def _with_conversations(
    name: str, description: str, means: NDArray[np.float64], overall: NDArray[np.float64]
) -> tuple[str, str]:
    """Say so where a group talks to us much more than others, and whether it is content."""
    contacts, valence = COLUMNS.index("contacts"), COLUMNS.index("valence")
    if means[contacts] < max(0.5, 2 * overall[contacts]):
        return name, f"Customers who {description}."
    if means[COLUMNS.index("handoffs")] >= 0.5:
        return (
            f"{name}, needing a person",
            f"Customers who {description}, and whose chats mostly end with a person.",
        )
    if means[valence] < -0.2:
        return f"{name}, needing care", f"Customers who {description}, and write to us unhappily."
    return f"{name}, in touch", f"Customers who {description}, and write to us often."
