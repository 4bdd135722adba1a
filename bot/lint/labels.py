"""Labels: every one that is used is known to the domain, and every known one is taught."""

from collections.abc import Iterator

from bot.lint.findings import Finding, error, warning
from bot.lint.project import Project

# Rasa sets this one itself, when no intent is sure enough.
_NEVER_TAUGHT = {"nlu_fallback"}
# Rasa knows these without a domain.
_BUILT_IN = {"nlu_fallback", "restart", "back", "session_start"}


def check_unknown(project: Project) -> Iterator[Finding]:
    """Intents and entities of the training data that the domain does not name."""
    domain = project.domain
    intents = domain.intents.keys() | _BUILT_IN
    for block in project.nlu.blocks:
        if _base(block.intent) not in intents:
            said = f"the domain has no intent '{block.intent}'"
            yield error(block.file, block.line, "intent-unknown", said, block.intent)
    for waited in project.waited_for:
        if _base(waited.name) not in intents:
            said = f"the domain has no intent '{waited.name}', which is waited for here"
            yield error(waited.file, waited.line, "intent-unknown", said, waited.name)
    for example in project.nlu.examples:
        for name in dict.fromkeys(span.entity for span in example.spans):
            if name not in domain.entities:
                said = f"the domain has no entity '{name}'"
                yield error(example.file, example.line, "entity-unknown", said, name)


def check_untaught(project: Project) -> Iterator[Finding]:
    """Intents of the domain that no example teaches."""
    taught = {_base(intent) for intent in project.nlu.by_intent()}
    for name, named in project.domain.intents.items():
        if name not in taught | _NEVER_TAUGHT:
            said = f"no example teaches the intent '{name}'"
            yield warning(named.file, named.line, "intent-untaught", said, name)


def _base(intent: str) -> str:
    """The name in the domain: of the retrieval intent `faq/hours`, it is `faq`."""
    return intent.split("/", 1)[0]
