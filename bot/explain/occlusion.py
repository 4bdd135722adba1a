"""What each word does to a reading: the reading is taken again without it (Li et al., 2016)."""

from typing import Any

from bot.components.intent import TransformerIntentClassifier
from bot.components.intent_model import IntentModel
from bot.components.sentiment import TransformerSentimentAnalyzer
from bot.explain.passes import Passes
from bot.explain.words import Span, spans
from bot.readable import readable

_RANKED = 5
_NEAREST = 5


def explain(
    text: str, intents: TransformerIntentClassifier, sentiment: TransformerSentimentAnalyzer
) -> dict[str, Any]:
    """Why a message is understood as it is.

    Returns:
        ``intent``, ``scope`` and ``sentiment`` as in the parse result; ``words`` with what is lost
        of the likeliest intent's confidence, of the valence and of the probability of frustration
        when the word is left out; ``nearest``, the training examples most like the message with
        their cosine, in the space that decides.
    """
    # Of the same length as the text: positions are the same in both.
    read = readable(text)
    words = spans(read)
    variants = [read, *(word.left_out(read) for word in words)]
    passes = Passes(intents.encoder)
    shared = sentiment.encoder is intents.encoder
    tone_passes = passes if shared else Passes(sentiment.encoder)
    whole, *without = [intents.trained.read(passes, variant) for variant in variants]
    tone, *tones = [sentiment.trained.read(tone_passes, variant) for variant in variants]
    top, confidence = whole.ranking[0]
    return {
        "text": text,
        "intent": {
            "name": top,
            "confidence": _rounded(confidence),
            "ranking": [
                {"name": name, "confidence": _rounded(part)}
                for name, part in whole.ranking[:_RANKED]
            ],
        },
        "scope": whole.scope.as_dict(),
        "sentiment": tone.as_dict(),
        "words": [
            {
                **_place(word, text),
                "intent": _rounded(confidence - dict(other.ranking)[top]),
                "sentiment": _rounded(tone.valence - toned.valence),
                "frustrated": _rounded(tone.frustrated - toned.frustrated),
            }
            for word, other, toned in zip(words, without, tones, strict=True)
        ],
        "nearest": _nearest(intents.trained, passes, read),
    }


def _nearest(trained: IntentModel, passes: Passes, text: str) -> list[dict[str, Any]]:
    vector = trained.classifier.look([passes.message(text)]).deciding[0]
    memory = trained.memory
    return [
        {
            "text": memory.texts[number],
            "intent": trained.classifier.labels[memory.targets[number]],
            # Half precision can carry a cosine of equals over one.
            "similarity": _rounded(min(cosine, 1.0)),
        }
        for number, cosine in memory.nearest(vector, _NEAREST)
    ]


def _place(word: Span, text: str) -> dict[str, Any]:
    return {"text": word.of(text), "start": word.start, "end": word.end}


def _rounded(value: float) -> float:
    # Adding zero turns -0.0 into 0.0.
    return round(float(value), 4) + 0.0
