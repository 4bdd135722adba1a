import numpy as np
import pytest

from bot.components.encoder import EncoderSpec, SentenceEncoder, joined, load_encoder
from bot.components.errors import EncoderMissing


@pytest.fixture(scope="module")
def encoder():
    return load_encoder(EncoderSpec())


def test_vectors_have_length_one_and_meaning(encoder):
    parcel, package, poem = encoder.encode(
        ["where is my parcel?", "when does my package arrive?", "roses are red"]
    )
    assert np.linalg.norm(parcel) == pytest.approx(1.0, abs=1e-5)
    assert parcel @ package > parcel @ poem + 0.2


def test_alone_or_in_a_batch_is_the_same(encoder):
    texts = ["hi", "a much longer sentence about a tent that leaks in the rain", "", "🙂"]
    together = encoder.layers(texts)
    alone = np.stack([encoder.layers([text])[0] for text in texts])
    assert together.shape == (4, 7, encoder.dimensions)
    assert np.allclose(together, alone, atol=1e-5)


def test_a_message_is_read_once(encoder, monkeypatch):
    runs = []
    batch = encoder._batch
    monkeypatch.setattr(encoder, "_batch", lambda texts: runs.append(texts) or batch(texts))
    first = encoder.message("read me once")
    assert encoder.message("read me once") is first
    assert runs == [["read me once"]]


def test_long_texts_are_cut(encoder):
    assert encoder.encode(["tent " * 20_000]).shape == (1, encoder.dimensions)


def test_layers_side_by_side(encoder):
    pooled = encoder.layers(["one", "two"])
    wide = joined(pooled, [3, 6])
    assert wide.shape == (2, 2 * encoder.dimensions)
    assert np.array_equal(wide[1, encoder.dimensions :], pooled[1, 6])


@pytest.mark.parametrize("model", ["./nowhere", "/no/such/folder", "no-package"])
def test_a_missing_encoder_is_named(model):
    with pytest.raises(EncoderMissing, match=model):
        SentenceEncoder(EncoderSpec(model=model))


def test_an_empty_folder_is_no_encoder(tmp_path):
    with pytest.raises(EncoderMissing, match=str(tmp_path)):
        SentenceEncoder(EncoderSpec(model=str(tmp_path)))
