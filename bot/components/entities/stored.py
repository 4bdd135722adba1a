"""What training leaves in the model archive: numbers as arrays, words as JSON."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage

from bot.components import storage
from bot.components.entities.tagger import TAGS, Tagger
from bot.components.entities.tagger_training import Learnt
from bot.components.errors import ModelDamaged

_ARRAYS = ("weights", "transitions")
_META = ("attributes", "frequent", "everyday", "products", "kinds", "things")


@dataclass(frozen=True, slots=True)
class Words:
    """The words that are not learnt but known.

    Attributes:
        everyday: words that mean something without the shop.
        products: names that count until the shop's catalogue is there.
        kinds: the words for categories that count until then.
        things: goods that are spoken of in the trade; they always count.
    """

    everyday: frozenset[str]
    products: Sequence[str]
    kinds: Sequence[str]
    things: Sequence[str]


def save(model_storage: ModelStorage, resource: Resource, learnt: Learnt, words: Words) -> None:
    """Write both into the archive."""
    attributes = sorted(learnt.weights)
    rows = [learnt.weights[name] for name in attributes]
    storage.save(
        model_storage,
        resource,
        arrays={
            "weights": np.array(rows, dtype=np.float32).reshape(-1, len(TAGS)),
            "transitions": np.array(learnt.transitions, dtype=np.float32),
        },
        meta={
            "attributes": attributes,
            "frequent": sorted(learnt.frequent),
            "everyday": sorted(words.everyday),
            "products": list(words.products),
            "kinds": list(words.kinds),
            "things": list(words.things),
        },
    )


def load(model_storage: ModelStorage, resource: Resource) -> tuple[Tagger, Words]:
    """Read what ``save`` wrote.

    Raises:
        ModelDamaged: a part of it is missing or does not fit the others.
    """
    arrays, meta = storage.load(model_storage, resource, arrays=_ARRAYS, meta=_META)
    weights, transitions = arrays["weights"], arrays["transitions"]
    square = (len(TAGS), len(TAGS))
    if weights.shape != (len(meta["attributes"]), len(TAGS)) or transitions.shape != square:
        raise ModelDamaged(
            f"The trained part '{resource.name}' of the model does not fit together; train again"
        )
    rows = map(tuple, weights.tolist())
    tagger = Tagger(
        dict(zip(meta["attributes"], rows, strict=True)),
        transitions.tolist(),
        frozenset(meta["frequent"]),
    )
    everyday = frozenset(meta["everyday"])
    return tagger, Words(everyday, meta["products"], meta["kinds"], meta["things"])
