"""A small assistant for tests: its data, and how it is trained."""

from pathlib import Path

import rasa

INTENTS = {
    "greet": ["hello", "hi there", "good morning", "hey you", "good evening", "hiya"],
    "order_status": [
        "where is my order", "has my parcel been sent", "track my package",
        "status of order [KF-1234567](order_number)", "when will my order ship",
        "my parcel [KF-7654321](order_number) please",
    ],
    "return_start": [
        "I want to send this back", "how do I return the tent", "start a return please",
        "return these boots", "I would like to give it back", "send back my jacket",
    ],
    "goodbye": ["bye", "goodbye", "see you later", "bye bye", "farewell", "talk to you later"],
    "out_of_scope": [
        "what is the capital of France", "write me a poem", "who won the football match",
        "tell me the weather", "solve this equation", "translate this into Latin",
    ],
}  # fmt: skip

SENTIMENT = {
    "negative": ["this is terrible", "I am very angry", "awful service", "what a disappointment"],
    "neutral": ["where is my order", "the box is blue", "it arrived on Monday", "order number"],
    "positive": ["thank you so much", "I love it", "great service", "this is wonderful"],
}

DOMAIN = """
version: "3.1"
intents: [greet, order_status, return_start, goodbye, out_of_scope]
entities: [order_number, product]
actions: [action_lookup, action_hand_over]
slots:
  handoff: {type: any, mappings: [{type: custom}]}
responses:
  utter_greet:
    - text: Hello!
      buttons: [{title: Track, payload: /order_status}]
  utter_goodbye: [{text: Bye.}]
  utter_unsure: [{text: I did not get that.}]
session_config: {session_expiration_time: 60, carry_over_slots_to_new_session: true}
"""

RULES = """
version: "3.1"
rules:
  - rule: greet
    steps: [{intent: greet}, {action: utter_greet}]
  - rule: status
    steps: [{intent: order_status}, {action: action_lookup}]
  - rule: return
    steps: [{intent: return_start}, {action: action_hand_over}]
  - rule: bye
    steps: [{intent: goodbye}, {action: utter_goodbye}]
  - rule: foreign
    steps: [{intent: out_of_scope}, {action: utter_unsure}]
  - rule: unsure
    steps: [{intent: nlu_fallback}, {action: utter_unsure}]
"""

CONFIG = """
recipe: default.v1
assistant_id: small
language: en
pipeline:
  - name: bot.components.entities.EntityExtractor
  - name: bot.components.intent.TransformerIntentClassifier
    folds: 2
    strengths: [10]
    tune: {tune}
    tuning: {{epochs: 2}}
  - name: bot.components.sentiment.TransformerSentimentAnalyzer
    data: {sentiment}
    folds: 2
    strengths: [3]
    tune: {tune}
    tuning: {{epochs: 2}}
  - name: FallbackClassifier
    threshold: 0.2
    ambiguity_threshold: 0.01
policies:
  - name: RulePolicy
"""


def write(folder: Path, *, tune: bool = False, **contents: str) -> dict[str, Path]:
    """Writes the small assistant's files, some with other contents; where each of them is."""
    sentiment = folder / "sentiment"
    sentiment.mkdir()
    rows = [f"{text},{label}" for label, texts in SENTIMENT.items() for text in texts]
    (sentiment / "all.csv").write_text("text,label\n" + "\n".join(rows) + "\n")
    nlu = ['version: "3.1"', "nlu:"]
    for intent, texts in INTENTS.items():
        nlu += [f"- intent: {intent}", "  examples: |", *(f"    - {text}" for text in texts)]
    files = {
        "nlu": "\n".join(nlu) + "\n",
        "domain": DOMAIN,
        "rules": RULES,
        "config": CONFIG.format(sentiment=sentiment, tune=str(tune).lower()),
    } | contents
    for name, content in files.items():
        (folder / f"{name}.yml").write_text(content)
    return {name: folder / f"{name}.yml" for name in files}


def train(folder: Path, *, tune: bool = False, **contents: str) -> Path:
    """Trains it; the path of the model archive."""
    return train_from(write(folder, tune=tune, **contents))


def train_from(files: dict[str, Path]) -> Path:
    """Trains from files that were written; the path of the model archive."""
    result = rasa.train(
        domain=str(files["domain"]),
        config=str(files["config"]),
        training_files=[str(files["nlu"]), str(files["rules"])],
        output=str(files["config"].with_name("models")),
        fixed_model_name="small",
    )
    assert result.model
    return Path(result.model)
