"""ONNX Runtime sessions, on as many threads as they are told to use."""

from pathlib import Path

import onnxruntime


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
