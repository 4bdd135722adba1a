"""Training with a tuned encoder, as `rasa train` does it: the archive, and what is done twice."""

import asyncio
import os
import tarfile

import pytest
from rasa.core.agent import Agent
from small_assistant import train_from, write

from bot.agents import is_tuned, load_model


@pytest.fixture(scope="module")
def tuned(tmp_path_factory):
    """Its files, and the archive that was trained from them with empty caches."""
    files = write(tmp_path_factory.mktemp("tuned"), tune=True)
    with pytest.MonkeyPatch.context() as patched:
        for name in ("RASA_CACHE_DIRECTORY", "KEFU_CACHE"):
            patched.setenv(name, str(tmp_path_factory.mktemp("cache")))
        yield files, train_from(files)


def trained_parts(archive):
    """The bytes of every trained file in the archive."""
    with tarfile.open(archive) as tar:
        return {
            member.name: tar.extractfile(member).read()
            for member in tar
            if member.isfile() and "components/train_" in member.name
        }


def test_a_tuned_archive_is_served(tuned):
    agent = Agent()
    load_model(agent, tuned[1])
    assert is_tuned(agent.processor)
    parsed = asyncio.run(agent.parse_message("could you tell me where my order is"))
    assert parsed["intent"]["name"] == "order_status"
    assert parsed["scope"]["nearest"] == "order_status"
    assert parsed["sentiment"]["label"] in ("negative", "neutral", "positive")


def test_what_has_not_changed_is_not_trained_again(tuned, capfd):
    files, archive = tuned
    before = trained_parts(archive)
    stamp = os.stat(archive).st_mtime_ns
    again = train_from(files)
    assert again == archive
    assert os.stat(archive).st_mtime_ns > stamp
    assert trained_parts(archive) == before
    assert "Tuning" not in capfd.readouterr().err

    # Sentiment has changed, intents have not.
    sentences = next(files["config"].parent.glob("sentiment/*.csv"))
    sentences.write_text(sentences.read_text() + "what a lovely tent,positive\n")
    after = trained_parts(train_from(files))
    said = capfd.readouterr().err
    assert "Tuning sentiment" in said
    assert "Tuning intents" not in said
    changed = {name.split("/")[1] for name in after if after[name] != before[name]}
    assert len(changed) == 1
    assert "TransformerSentimentAnalyzer" in changed.pop()
