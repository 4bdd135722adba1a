"""The component as Rasa runs it: trained, stored, loaded, and told of new products."""

import json

import pytest
from rasa.engine.graph import ExecutionContext, GraphSchema
from rasa.engine.storage.local_model_storage import LocalModelStorage
from rasa.engine.storage.resource import Resource
from rasa.shared.exceptions import InvalidConfigException
from rasa.shared.nlu.training_data.loading import load_data
from rasa.shared.nlu.training_data.message import Message

from bot.components.entities import EntityExtractor
from bot.components.errors import ModelDamaged

NLU = """
version: "3.1"
nlu:
- intent: return_start
  examples: |
    - i want to return my [tent](product)
    - my [boots](product) are broken
    - the [stove](product) is too big, i send it back
    - send back my [Mosspath 18](product)
- intent: product_search
  examples: |
    - do you sell [tents](category)
    - show me your [boots](category)
    - any [stoves](category) in the shop
- intent: order_status
  examples: |
    - where is [KF-1234567](order_number)
    - where is my order
- lookup: product
  examples: |
    - Mosspath 18 backpack
    - Mosspath 25 backpack
- lookup: category
  examples: |
    - tents
    - boots
    - stove
"""
CONTEXT = ExecutionContext(GraphSchema({}), "model")
CONFIG = EntityExtractor.get_default_config()


@pytest.fixture(scope="module")
def trained(tmp_path_factory):
    """The storage and the resource of a trained component."""
    folder = tmp_path_factory.mktemp("trained")
    (folder / "nlu.yml").write_text(NLU)
    (folder / "storage").mkdir()
    storage, resource = LocalModelStorage(folder / "storage"), Resource("entities")
    extractor = EntityExtractor.create(CONFIG, storage, resource, CONTEXT)
    assert extractor.train(load_data(str(folder / "nlu.yml"))) == resource
    return storage, resource


@pytest.fixture
def extractor(trained, tmp_path, monkeypatch):
    monkeypatch.setenv("KEFU_VAR", str(tmp_path))
    return EntityExtractor.load(CONFIG, *trained, CONTEXT)


def entities(extractor, text):
    (message,) = extractor.process([Message({"text": text})])
    parsed = message.as_dict(only_output_properties=True)["entities"]
    assert json.loads(json.dumps(parsed)) == parsed  # as it is sent to actions
    assert all(entity["extractor"] == "EntityExtractor" for entity in parsed)
    return {entity["entity"]: entity for entity in parsed}


def write(folder, *names):
    content = {
        "version": 1,
        "products": [{"sku": f"SKU-{n}", "name": name} for n, name in enumerate(names)],
        "categories": [{"slug": "tents", "name": "Tents", "synonyms": ["tent"]}],
    }
    (folder / "catalogue.json").write_text(json.dumps(content))


def test_entities_carry_what_actions_need(extractor):
    text = "KF 12 34 567 of 2024-05-03: my Mosspath 18 for 79,00 €; call +49 30 123456 or a@b.de"
    found = entities(extractor, text)
    assert {name: entity["value"] for name, entity in found.items()} == {
        "order_number": "KF-1234567",
        "date": "2024-05-03",
        "product": "Mosspath 18 backpack",
        "amount": "79,00 €",
        "phone": "+4930123456",
        "email": "a@b.de",
    }
    assert found["date"]["iso"] == "2024-05-03"
    assert (found["amount"]["minor"], found["amount"]["currency"]) == (7_900, "EUR")
    assert found["phone"]["e164"] == "+4930123456"
    for entity in found.values():
        assert text[entity["start"] : entity["end"]]


def test_the_tagger_is_stored(extractor):
    assert set(entities(extractor, "my tent is broken")) == {"product"}
    assert set(entities(extractor, "do you sell stoves")) == {"category"}


def test_a_new_product_is_understood_without_training(extractor, tmp_path, monkeypatch):
    seconds = iter(range(100))
    monkeypatch.setattr(extractor._catalogue, "_clock", lambda: float(next(seconds)))
    assert entities(extractor, "is the zephyrine 30 in stock") == {}
    write(tmp_path, "Mosspath 18 backpack", "Zephyrine 30 kayak", "Zephyrine 45 kayak")
    found = entities(extractor, "is the zephyrine 30 in stock")
    assert found["product"]["value"] == "Zephyrine 30 kayak"
    assert found["product"]["sku"] == "SKU-1"
    assert entities(extractor, "my zepyrine")["product"]["value"] == "Zephyrine"
    # And its kind: "kayak" is how two names end, and "my" was learnt from other things.
    assert set(entities(extractor, "i want to return my kayak")) == {"product"}
    # What is not sold any more is forgotten.
    write(tmp_path, "Zephyrine 30 kayak", "Zephyrine 45 kayak")
    assert entities(extractor, "where is the mosspath 18") == {}


def test_without_a_platform_the_names_from_training_count(trained, monkeypatch):
    monkeypatch.delenv("KEFU_VAR", raising=False)
    alone = EntityExtractor.load(CONFIG, *trained, CONTEXT)
    assert entities(alone, "my mosspath 25")["product"]["value"] == "Mosspath 25 backpack"


def test_days_are_those_of_the_configured_place(trained, monkeypatch):
    monkeypatch.delenv("KEFU_VAR", raising=False)
    days = {
        EntityExtractor.load({**CONFIG, "timezone": zone}, *trained, CONTEXT)
        .extract("today")[0]
        .details["iso"]
        for zone in ("Pacific/Kiritimati", "Pacific/Pago_Pago")
    }
    assert len(days) == 2  # 25 hours apart


@pytest.mark.parametrize("text", ["", " ", "🙂", "x" * 8_000, "\u202eabc", "1" * 500, "kf " * 900])
def test_odd_texts(extractor, text):
    assert entities(extractor, text) == {}


@pytest.mark.parametrize(("option", "value"), [("timezone", "Mars/Olympus"), ("region", "XY")])
def test_a_bad_option_is_named(trained, option, value):
    with pytest.raises(InvalidConfigException, match=f"no {option} '{value}'"):
        EntityExtractor.load({**CONFIG, option: value}, *trained, CONTEXT)


def damage(storage, resource, change):
    with storage.write_to(resource) as folder:
        change(folder)


@pytest.mark.parametrize(
    "change",
    [
        lambda folder: (folder / "meta.json").unlink(),
        lambda folder: (folder / "meta.json").write_text("{"),
        lambda folder: (folder / "arrays.safetensors").write_bytes(b"x"),
        lambda folder: (folder / "meta.json").write_text(
            json.dumps({**json.loads((folder / "meta.json").read_text()), "attributes": ["bias"]})
        ),
    ],
)
def test_a_damaged_part_is_told_in_one_line(tmp_path, change):
    (tmp_path / "nlu.yml").write_text(NLU)
    (tmp_path / "storage").mkdir()
    storage, resource = LocalModelStorage(tmp_path / "storage"), Resource("entities")
    EntityExtractor.create(CONFIG, storage, resource, CONTEXT).train(
        load_data(str(tmp_path / "nlu.yml"))
    )
    damage(storage, resource, change)
    with pytest.raises(ModelDamaged, match="train again") as refused:
        EntityExtractor.load(CONFIG, storage, resource, CONTEXT)
    assert "\n" not in str(refused.value)


def test_before_training_it_says_so():
    extractor = EntityExtractor(CONFIG, None, Resource("entities"))
    with pytest.raises(ModelDamaged, match="before it was trained"):
        extractor.extract("hello")


def test_the_fingerprint_covers_the_vocabulary():
    assert EntityExtractor.fingerprint_addon({}) == EntityExtractor.fingerprint_addon(CONFIG)
