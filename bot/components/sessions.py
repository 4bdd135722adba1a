"""ONNX Runtime sessions, on as many threads as they are told to use."""

import os
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TypeVar

import onnxruntime
from tqdm import tqdm

Item = TypeVar("Item")
Made = TypeVar("Made")


def training_threads() -> int:
    """What training may use: OMP_NUM_THREADS, which other libraries go by too, or all processors.

    `kefu train` sets it, to less in the background: a server wants to answer beside it.
    """
    told = os.environ.get("OMP_NUM_THREADS", "")
    return int(told) if told.isdigit() and int(told) else os.cpu_count() or 1


def open_session(graph: Path | bytes, threads: int) -> onnxruntime.InferenceSession:
    """A session on the processor, from a file or from the bytes of one.

    Waiting threads do not spin: the server has other work for the core.
    """
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    options.inter_op_num_threads = 1
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    options.log_severity_level = 3
    source = graph if isinstance(graph, bytes) else str(graph)
    return onnxruntime.InferenceSession(source, options, providers=["CPUExecutionProvider"])


def each(
    run: Callable[[Item], Made], items: Sequence[Item], threads: int, progress: str | None = None
) -> Iterator[Made]:
    """Runs a session's pass on each item, in their order, so many at the same time.

    A session may be run by several threads at once, and lets others work meanwhile.

    Args:
        progress: what a progress bar says; None shows none.
    """
    bar = {"total": len(items), "desc": progress, "unit": " sentences", "disable": progress is None}
    if threads == 1 or len(items) == 1:
        yield from tqdm(map(run, items), **bar)
        return
    with ThreadPoolExecutor(threads) as pool:
        yield from tqdm(pool.map(run, items), **bar)
