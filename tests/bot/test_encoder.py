import numpy as np
import pytest
import torch

from bot.components import export
from bot.components.encoder import EncoderSpec, SentenceEncoder, joined, load_encoder
from bot.components.errors import EncoderMissing
from bot.components.locate import PACKAGED
from bot.components.pretrained import Pretrained


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
    assert np.array_equal(together, alone)


def test_what_is_served_is_what_the_encoder_means(encoder):
    texts = ["where is my parcel?", "I want to send the boots back, they are too small"]
    pretrained = Pretrained.load(PACKAGED)
    batch = pretrained.tokenizer(texts, padding=True, return_tensors="pt")
    with torch.inference_mode():
        exact, _ = pretrained.trunk()(batch["input_ids"], batch["attention_mask"])
    assert ((encoder.layers(texts) * exact.numpy()).sum(-1) > 0.97).all()


def test_token_states_come_with_the_vectors(encoder):
    encoded = encoder.message("hello there")
    assert encoded.states.shape == (4, encoder.dimensions)  # [CLS] hello there [SEP]
    assert [token for token, _, _ in encoder.tokens("hello there")] == ["hello", "there"]
    assert encoder.tokens("hello there")[1][1:] == (6, 11)


def test_a_message_is_read_once(encoder, monkeypatch):
    runs = []
    run = encoder._run
    monkeypatch.setattr(encoder, "_run", lambda text: runs.append(text) or run(text))
    first = encoder.message("read me once")
    assert encoder.message("read me once") is first
    assert runs == ["read me once"]


def test_an_encoder_is_exported_once_and_whole(tmp_path, monkeypatch):
    monkeypatch.setenv("KEFU_CACHE", str(tmp_path))
    folder = export.exported(PACKAGED)
    written = (folder / export.GRAPH).stat().st_mtime_ns
    assert export.exported(PACKAGED) == folder
    assert (folder / export.GRAPH).stat().st_mtime_ns == written
    assert [path.name for path in folder.parent.iterdir()] == [folder.name]
    assert folder.parent.parent == tmp_path


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
