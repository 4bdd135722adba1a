"""Tests of the assistant's runtime; elsewhere there is no Rasa and nothing of this is collected."""

import importlib.util
import os

import pytest

os.environ.setdefault("RASA_TELEMETRY_ENABLED", "false")
os.environ.setdefault("HF_HUB_OFFLINE", "1")
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")
os.environ.setdefault("OMP_NUM_THREADS", "1")
os.environ.setdefault("SQLALCHEMY_SILENCE_UBER_WARNING", "1")

collect_ignore_glob = [] if importlib.util.find_spec("rasa") else ["test_*.py", "*/test_*.py"]


@pytest.fixture(scope="session")
def small_model(tmp_path_factory):
    """A model of five intents, trained in a few seconds."""
    from small_assistant import train

    return train(tmp_path_factory.mktemp("small"))
