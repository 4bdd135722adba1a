"""Telling a language that the assistant does not speak from words that it does not know."""

import re

# Words that are frequent in one language and no words of English, a few of each neighbour's.
_FOREIGN = frozenset(
    """
    ich ist nicht meine mein bitte und wo wie der das ein eine mit für möchte habe kann danke hallo
    bestellung paket zurück
    je ne pas est où le les une mon ma vous bonjour merci commande voudrais avec pour colis
    el la los mi pedido dónde donde está quiero por favor hola gracias para con
    il mio dove ordine vorrei grazie ciao per sono non che della
    waar mijn bestelling ik een het niet graag dank wil
    gdzie jest moje zamówienie dziękuję proszę nie
    var är min jag hvor mit ordre nerede siparişim onde meu obrigado não
    """.split()  # noqa: SIM905 - a list in quotes for each word is no easier to read
)
_MANY = 2
_OTHER_SCRIPT = re.compile(r"[\u0370-\u1fff\u3040-\u9fff\uac00-\ud7af]")


def looks_foreign(text: str) -> bool:
    """Whether a text is surely not English."""
    words = set(re.findall(r"[^\W\d_]+", text.lower()))
    return bool(_OTHER_SCRIPT.search(text)) or len(words & _FOREIGN) >= min(
        _MANY, len(words) or _MANY
    )
