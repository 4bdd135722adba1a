"""Tunes the upper layers of the encoder to tell classes apart.

The lower third stays frozen and is read once, which makes a step cheaper; on Banking77 and
HWU64 that was more accurate than tuning everything. Three losses share a pass: cross-entropy over
cosines to a learnt prototype per class; a supervised contrastive term that pulls examples of a
class together (Khosla et al., 2020); and, where examples are few, agreement between two passes
with different dropout (R-Drop, Wu et al., 2021).
"""

import copy
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace

import numpy as np
import torch
from numpy.typing import NDArray
from torch import nn
from torch.nn import functional
from tqdm import tqdm

from bot.components.classifier import Prototypes
from bot.components.encoder import Vectors
from bot.components.pretrained import Top
from bot.components.tuning_settings import TuningSettings

_ROUND_TO = 8
"""Batches are padded to multiples of this: each new shape costs the kernels a compilation."""

_WINDOW = 16
"""So many batches are sorted by length together: little padding, still random."""


@dataclass(frozen=True)
class Examples:
    """What is learnt from: token states of the split, (tokens, dimensions) each, and classes."""

    states: Sequence[Vectors]
    targets: NDArray[np.int64]

    def __len__(self) -> int:
        return len(self.states)

    def only(self, chosen: NDArray[np.int64]) -> "Examples":
        """Those with the given numbers."""
        return Examples([self.states[index] for index in chosen], self.targets[chosen])


@dataclass(frozen=True)
class Tuned:
    """The tuned layers, where the classes lie, and how many epochs were best."""

    top: Top
    prototypes: Prototypes
    epochs: int


def tune(
    top: Top,
    start: Prototypes,
    examples: Examples,
    settings: TuningSettings,
    *,
    held_out: Examples | None = None,
    progress: str,
) -> Tuned:
    """Tunes a copy of ``top``; the same seed and thread count give the same result.

    Args:
        start: where the classes are before. The foreign one gets no prototype: its examples only
            push the others' cosines below ``elsewhere``, which is learnt as well.
        settings: with every option filled in.
        held_out: when given, the epoch with the lowest loss on it is kept, and a few without a
            better one end the training.
    """
    with _threads(settings.threads), torch.random.fork_rng():
        torch.manual_seed(settings.seed)
        return _Run(copy.deepcopy(top), start, examples, settings).run(held_out, progress)


class _Run:
    def __init__(
        self, top: Top, start: Prototypes, examples: Examples, settings: TuningSettings
    ) -> None:
        if settings.epochs is None:
            raise ValueError("The settings are not filled in")
        self._epochs = settings.epochs
        self._top, self._examples, self._settings = top, examples, settings
        self._start = start
        self._prototypes = nn.Parameter(torch.from_numpy(start.vectors.copy()))
        self._elsewhere = nn.Parameter(torch.tensor(start.elsewhere))
        self._generator = np.random.default_rng(settings.seed)
        self._lengths = np.array([len(states) for states in examples.states])
        self._batches_an_epoch = max(1, round(len(examples) / settings.batch_size))
        self._optimizer = torch.optim.AdamW(
            [
                {"params": top.parameters(), "weight_decay": settings.weight_decay},
                {
                    "params": [self._prototypes, self._elsewhere],
                    "lr": settings.peak * settings.prototype_rate,
                    "weight_decay": 0.0,
                },
            ],
            lr=settings.peak,
        )
        steps = self._epochs * self._batches_an_epoch
        warm = max(1.0, settings.warm_up * steps)
        self._schedule = torch.optim.lr_scheduler.LambdaLR(
            self._optimizer,
            lambda step: min(1.0, (step + 1) / warm) * max(0.02, 1.0 - step / steps),
        )

    def run(self, held_out: Examples | None, progress: str) -> Tuned:
        best: tuple[float, Tuned] | None = None
        total = self._epochs * self._batches_an_epoch
        with tqdm(total=total, desc=progress, unit=" steps") as bar:
            for epoch in range(1, self._epochs + 1):
                self._top.train()
                for batch in self._batches():
                    loss = self._step(batch)
                    bar.set_postfix(loss=f"{loss:.2f}", refresh=False)
                    bar.update()
                if held_out is None:
                    continue
                loss = self._held_out_loss(held_out)
                if best is None or loss < best[0]:
                    best = (loss, self._snapshot(epoch))
                elif epoch - best[1].epochs >= self._settings.patience:
                    break
        return best[1] if best is not None else self._snapshot(self._epochs)

    def _snapshot(self, epochs: int) -> Tuned:
        prototypes = functional.normalize(self._prototypes.detach(), dim=1).numpy().copy()
        return Tuned(
            copy.deepcopy(self._top).eval(),
            replace(self._start, vectors=prototypes, elsewhere=float(self._elsewhere.detach())),
            epochs,
        )

    def _batches(self) -> Iterator[NDArray[np.int64]]:
        """Random batches of about equal length, each example once."""
        order = self._generator.permutation(len(self._examples))
        batches: list[NDArray[np.int64]] = []
        window = self._settings.batch_size * _WINDOW
        for start in range(0, len(order), window):
            part = order[start : start + window]
            jitter = self._generator.random(len(part)) * 2
            part = part[np.argsort(self._lengths[part] + jitter, kind="stable")]
            batches += np.array_split(part, max(1, round(len(part) / self._settings.batch_size)))
        for index in self._generator.permutation(len(batches)):
            yield batches[index]

    def _step(self, batch: NDArray[np.int64]) -> float:
        settings = self._settings
        states, mask = stack([self._examples.states[index] for index in batch])
        targets = torch.from_numpy(self._examples.targets[batch])
        if settings.consistency:
            states, mask = torch.cat([states, states]), torch.cat([mask, mask])
            targets = torch.cat([targets, targets])
        if settings.token_dropout:
            kept = torch.rand(mask.shape) >= settings.token_dropout
            kept[:, 0] = True
            mask = mask * kept
        with half_precision():
            vectors = self._top(states, mask).float()
        logits = self._logits(vectors)
        loss = functional.cross_entropy(logits, targets)
        if settings.contrast:
            loss = loss + settings.contrast * _contrastive(
                vectors, targets, settings.contrast_temperature, self._start.foreign
            )
        if settings.consistency:
            loss = loss + settings.consistency * _disagreement(*logits.chunk(2))
        self._optimizer.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(self._top.parameters(), 1.0)
        self._optimizer.step()
        self._schedule.step()
        return float(loss.item())

    def _held_out_loss(self, examples: Examples) -> float:
        vectors = torch.from_numpy(vectors_of(self._top, examples.states))
        with torch.no_grad():
            logits = self._logits(vectors)
            return float(functional.cross_entropy(logits, torch.from_numpy(examples.targets)))

    def _logits(self, vectors: torch.Tensor) -> torch.Tensor:
        cosines = vectors @ functional.normalize(self._prototypes, dim=1).T
        if self._start.foreign is not None:
            column = torch.zeros(cosines.shape[1], dtype=torch.bool)
            column[self._start.foreign] = True
            cosines = torch.where(column, self._elsewhere, cosines)
        return self._start.scale * cosines


def vectors_of(top: Top, states: Sequence[Vectors], *, batch_size: int = 64) -> Vectors:
    """Unit vectors of the texts, (texts, dimensions), by the layers as PyTorch runs them."""
    top.eval()
    found = np.zeros((len(states), states[0].shape[1]), dtype=np.float32)
    order = np.argsort([len(rows) for rows in states], kind="stable")
    with torch.inference_mode(), half_precision():
        for start in range(0, len(order), batch_size):
            batch = order[start : start + batch_size]
            found[batch] = top(*stack([states[index] for index in batch])).float().numpy()
    return found


def stack(states: Sequence[Vectors]) -> tuple[torch.Tensor, torch.Tensor]:
    """Padded states, (texts, tokens, dimensions), and their mask, (texts, tokens)."""
    longest = max(len(rows) for rows in states)
    longest = -(-longest // _ROUND_TO) * _ROUND_TO
    padded = torch.zeros(len(states), longest, states[0].shape[1])
    mask = torch.zeros(len(states), longest, dtype=torch.long)
    for row, rows in enumerate(states):
        padded[row, : len(rows)] = torch.from_numpy(rows)
        mask[row, : len(rows)] = 1
    return padded, mask


def half_precision() -> torch.autocast:
    """16-bit arithmetic where the processor has it: a step takes two thirds of the time.

    Where it has none, torch would still do it, by emulation: a step then takes four times as long.
    """
    capabilities = torch.cpu.get_capabilities()
    able = any(capabilities.get(name, False) for name in ("amx_bf16", "avx512_bf16"))
    return torch.autocast("cpu", dtype=torch.bfloat16, enabled=able)


def _contrastive(
    vectors: torch.Tensor, targets: torch.Tensor, temperature: float, foreign: int | None
) -> torch.Tensor:
    itself = torch.eye(len(targets), dtype=torch.bool)
    similarities = (vectors @ vectors.T / temperature).masked_fill(itself, -torch.inf)
    logs = similarities - similarities.logsumexp(1, keepdim=True)
    alike = (targets[:, None] == targets[None]) & ~itself
    if foreign is not None:
        # What belongs nowhere has nothing in common.
        alike &= (targets != foreign)[:, None]
    counts = alike.sum(1)
    having = counts > 0
    if not having.any():
        return vectors.sum() * 0.0
    return -(logs.masked_fill(~alike, 0.0).sum(1)[having] / counts[having]).mean()


def _disagreement(first: torch.Tensor, second: torch.Tensor) -> torch.Tensor:
    one, other = first.log_softmax(1), second.log_softmax(1)
    there = functional.kl_div(one, other, log_target=True, reduction="batchmean")
    back = functional.kl_div(other, one, log_target=True, reduction="batchmean")
    return (there + back) / 2


@contextmanager
def _threads(count: int) -> Iterator[None]:
    before = torch.get_num_threads()
    torch.set_num_threads(count)
    try:
        yield
    finally:
        torch.set_num_threads(before)
