"""A pre-trained transformer in PyTorch: for export and tuning only, a server never loads it."""

import copy
from dataclasses import dataclass

import torch
import transformers
from torch import nn

from bot.components.errors import EncoderMissing
from bot.components.locate import locate

_MASKED = -1e4
"""Added to the attention scores of padding; small enough for 16-bit floats."""


@dataclass(frozen=True)
class Pretrained:
    """A tokenizer and a frozen model of the BERT family (BERT, RoBERTa, ELECTRA, MiniLM …)."""

    tokenizer: transformers.PreTrainedTokenizerBase
    model: transformers.PreTrainedModel

    @classmethod
    def load(cls, model: str) -> "Pretrained":
        """The encoder in 32 bits, frozen, without dropout.

        Raises:
            EncoderMissing: it cannot be found or read, or is of another family.
        """
        location = locate(model)
        transformers.utils.logging.disable_progress_bar()
        try:
            tokenizer = transformers.AutoTokenizer.from_pretrained(location)
            loaded = transformers.AutoModel.from_pretrained(
                location, dtype=torch.float32, attn_implementation="eager"
            )
        except (OSError, ValueError) as error:
            reason = str(error).splitlines()[0]
            raise EncoderMissing(f"Sentence encoder '{model}': {reason}") from error
        if not hasattr(getattr(loaded, "encoder", None), "layer"):
            kind = loaded.config.model_type
            raise EncoderMissing(f"Sentence encoder '{model}': '{kind}' is not of the BERT family")
        loaded.requires_grad_(requires_grad=False)
        return cls(tokenizer, loaded.eval())

    @property
    def layers(self) -> int:
        """Transformer layers; the embeddings are layer 0."""
        return int(self.model.config.num_hidden_layers)

    @property
    def dimensions(self) -> int:
        """Length of a token's state."""
        return int(self.model.config.hidden_size)

    @property
    def longest(self) -> int:
        """Tokens that the model has positions for; RoBERTa's start behind the padding's."""
        config = self.model.config
        reserved = (config.pad_token_id or 0) + 1 if "roberta" in config.model_type else 0
        return int(config.max_position_embeddings) - reserved

    @property
    def split(self) -> int:
        """The layer up to which tuning leaves everything as it is: a third of them."""
        return self.layers // 3

    def trunk(self) -> "Trunk":
        """All layers as they are."""
        return Trunk(self.model, self.split)

    def top(self, dropout: float) -> "Top":
        """A copy of the layers above the split, to be tuned."""
        return Top(self.model, self.split, dropout)


class Trunk(nn.Module):
    """``(input_ids, attention_mask)`` to the pooled vectors of all layers and the split's states.

    Pooled: unit means over the tokens, (texts, layers + 1, dimensions) (Reimers & Gurevych, 2019).
    States: (texts, tokens, dimensions).
    """

    def __init__(self, model: transformers.PreTrainedModel, split: int) -> None:
        super().__init__()
        self.model, self.split = model, split

    def forward(
        self, input_ids: torch.Tensor, attention_mask: torch.Tensor
    ) -> tuple[torch.Tensor, torch.Tensor]:
        states = self.model(
            input_ids=input_ids, attention_mask=attention_mask, output_hidden_states=True
        ).hidden_states
        pooled = torch.stack([_mean(layer, attention_mask) for layer in states], dim=1)
        return pooled, states[self.split]


class Top(nn.Module):
    """``(states, attention_mask)`` of the split to one unit vector a text, (texts, dimensions)."""

    def __init__(self, model: transformers.PreTrainedModel, split: int, dropout: float) -> None:
        super().__init__()
        self.layers = copy.deepcopy(model.encoder.layer[split:])
        for module in self.layers.modules():
            if isinstance(module, nn.Dropout):
                module.p = dropout
        self.layers.requires_grad_(requires_grad=True)

    def forward(self, states: torch.Tensor, attention_mask: torch.Tensor) -> torch.Tensor:
        hidden = (1.0 - attention_mask[:, None, None, :].to(states.dtype)) * _MASKED
        for layer in self.layers:
            out = layer(states, hidden)
            states = out[0] if isinstance(out, tuple) else out
        return _mean(states, attention_mask)


def _mean(states: torch.Tensor, attention_mask: torch.Tensor) -> torch.Tensor:
    mask = attention_mask[:, :, None].to(torch.float32)
    means = (states.to(torch.float32) * mask).sum(1) / mask.sum(1)
    return torch.nn.functional.normalize(means, dim=-1)
