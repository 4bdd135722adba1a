"""Vectors are remembered while the encoder stays what it was."""

import numpy as np
import pytest

from bot.components.encoder import EncoderSpec, load_encoder
from bot.lint import vectors

TEXTS = ["where is my parcel", "good morning", "where is my parcel"]


def test_remembered_vectors_are_the_encoders(tmp_path):
    memory = tmp_path / "deep" / "vectors.npz"
    made = vectors.encode(TEXTS, memory)
    assert np.allclose(made, load_encoder(EncoderSpec()).encode(TEXTS), atol=1e-5)
    with np.load(memory) as stored:
        assert len(stored["keys"]) == 2
    assert np.array_equal(vectors.encode(TEXTS, memory), made)


def test_only_what_is_new_is_encoded_and_what_is_gone_is_forgotten(tmp_path):
    memory = tmp_path / "vectors.npz"
    vectors.encode(TEXTS, memory)
    with np.load(memory) as stored:
        held = dict(stored)
    marked = np.full_like(held["vectors"], 0.5)
    np.savez(memory, probe=held["probe"], keys=held["keys"], vectors=marked)
    made = vectors.encode(["good morning", "how are you"], memory)
    assert np.array_equal(made[0], marked[0])
    assert not np.array_equal(made[1], marked[0])
    with np.load(memory) as stored:
        assert len(stored["keys"]) == 2


@pytest.mark.parametrize("damage", ["other encoder", "cut short", "no archive"])
def test_what_cannot_be_trusted_is_made_anew(tmp_path, damage):
    memory = tmp_path / "vectors.npz"
    made = vectors.encode(TEXTS, memory)
    with np.load(memory) as stored:
        held = dict(stored)
    if damage == "other encoder":
        held["vectors"] = np.zeros_like(held["vectors"])
        np.savez(memory, **{**held, "probe": held["probe"][:, ::-1]})
    elif damage == "cut short":
        memory.write_bytes(memory.read_bytes()[:500])
    else:
        memory.write_text("not an archive")
    assert np.allclose(vectors.encode(TEXTS, memory), made, atol=1e-5)
