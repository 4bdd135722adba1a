"""Where the project's files lie; the assistant is trained and served from this folder."""

import os
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
ASSISTANT_BIN = ROOT / ".venv-assistant" / "bin"
CONFIG = ROOT / "config.yml"
MODEL = ROOT / "models" / "kefu.tar.gz"
TRAINING_LOCK = ROOT / ".rasa" / "training.lock"

_ASSISTANT_DEFAULTS = {
    "RASA_TELEMETRY_ENABLED": "false",
    "HF_HUB_OFFLINE": "1",
    "TF_CPP_MIN_LOG_LEVEL": "2",
    # Two libraries with a thread pool each on a few cores: each call is small, so one thread each.
    "OMP_NUM_THREADS": "1",
    "TF_NUM_INTRAOP_THREADS": "1",
    "TF_NUM_INTEROP_THREADS": "1",
    "TOKENIZERS_PARALLELISM": "false",
    # Rasa 3.6 uses SQLAlchemy 1.4 and says so at every start.
    "SQLALCHEMY_SILENCE_UBER_WARNING": "1",
}


def assistant_environment() -> dict[str, str]:
    """The environment for the assistant runtime; what the operator set wins."""
    return {**_ASSISTANT_DEFAULTS, **os.environ}
