"""An encoder as it is served: an ONNX graph beside its tokenizer, made once and kept.

PyTorch is for training. A server needs the forward pass of one short sentence on one thread: ONNX
Runtime does that in a fraction of the time, and a server that loads neither torch nor transformers
starts seconds sooner and needs hundreds of megabytes less. The result depends on the encoder alone,
so it is made once.
"""

import functools
import json
import logging
from dataclasses import asdict, dataclass
from pathlib import Path

from bot.components import fingerprints
from bot.components.made_once import made_once

logger = logging.getLogger(__name__)

GRAPH, TOKENIZER, FACTS = "encoder.onnx", "tokenizer.json", "encoder.json"

_VERSION = "2"
"""Part of the folder's name: raised when what is exported changes."""


@dataclass(frozen=True)
class EncoderFacts:
    """What a server must know of an exported encoder.

    Attributes:
        layers: transformer layers; the embeddings count as layer 0.
        split: the layer whose token states are given out, for the tops that are tuned over it.
        dimensions: length of a vector.
        longest: tokens that the model can read.
        padding: id of the padding token.
    """

    layers: int
    split: int
    dimensions: int
    longest: int
    padding: int


def exported(model: str) -> Path:
    """The folder with the serving files of an encoder; made when it is not there yet.

    Raises:
        EncoderMissing: the encoder cannot be found or read.
    """
    digest = f"{_VERSION}-{fingerprints.of_encoder(model)[:32].replace('/', '-')}"
    return made_once("encoders", digest, functools.partial(_export, model))


def read_facts(folder: Path) -> EncoderFacts:
    """The facts beside an exported encoder."""
    return EncoderFacts(**json.loads((folder / FACTS).read_text(encoding="utf-8")))


def _export(model: str, folder: Path) -> None:
    # Torch is imported only here: a server finds the files made and does without.
    from bot.components.graphs import write_graph
    from bot.components.pretrained import Pretrained

    logger.info("Preparing the sentence encoder '%s' for serving; this is done once.", model)
    pretrained = Pretrained.load(model)
    tokenizer = pretrained.tokenizer
    tokenizer.backend_tokenizer.save(str(folder / TOKENIZER))
    sample = tokenizer(["one text", "and a longer one"], padding=True, return_tensors="pt")
    write_graph(
        pretrained.trunk(),
        (sample["input_ids"], sample["attention_mask"]),
        folder / GRAPH,
        inputs=("input_ids", "attention_mask"),
        outputs=("pooled", "states"),
    )
    facts = EncoderFacts(
        layers=pretrained.layers,
        split=pretrained.split,
        dimensions=pretrained.dimensions,
        longest=min(int(tokenizer.model_max_length), pretrained.longest),
        padding=int(tokenizer.pad_token_id or 0),
    )
    (folder / FACTS).write_text(json.dumps(asdict(facts)), encoding="utf-8")
