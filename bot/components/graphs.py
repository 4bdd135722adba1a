"""From a PyTorch module to an ONNX graph with 8-bit weights.

Weights are 8-bit integers, a scale per output channel; activations are quantised as they come
(Zafrir et al., 2019). On processors with VNNI that halves the time of a sentence and quarters the
file. What is trained over such a graph is trained on its own outputs, so the rounding is known to
the head: measured on HWU64 with ten examples an intent, accuracy was the same as in 32 bits.
"""

import contextlib
import io
import logging
import tempfile
import warnings
from collections.abc import Iterator, Sequence
from pathlib import Path

import torch
from onnxruntime.quantization import QuantType, quantize_dynamic
from torch import nn

_OPSET = 17


def write_graph(
    module: nn.Module,
    sample: tuple[torch.Tensor, ...],
    path: Path,
    *,
    inputs: Sequence[str],
    outputs: Sequence[str],
) -> None:
    """Exports and quantises; texts and tokens (the first two axes of inputs) may vary.

    Args:
        sample: arguments for one call, to trace.
    """
    axes = {name: {0: "texts", 1: "tokens"} for name in inputs}
    axes |= {name: {0: "texts"} for name in outputs}
    with tempfile.TemporaryDirectory() as folder, _quiet():
        plain = Path(folder) / "plain.onnx"
        torch.onnx.export(
            module.eval(),
            sample,
            str(plain),
            input_names=list(inputs),
            output_names=list(outputs),
            dynamic_axes=axes,
            opset_version=_OPSET,
            dynamo=False,
        )
        quantize_dynamic(
            plain,
            path,
            weight_type=QuantType.QInt8,
            per_channel=True,
            op_types_to_quantize=["MatMul", "Gather"],
        )


@contextlib.contextmanager
def _quiet() -> Iterator[None]:
    """Hides what the tracer and the quantiser say of graphs that are as they should be."""
    root = logging.getLogger()
    level = root.level
    root.setLevel(logging.ERROR)
    try:
        with warnings.catch_warnings(), contextlib.redirect_stdout(io.StringIO()):
            warnings.simplefilter("ignore")
            yield
    finally:
        root.setLevel(level)
