"""Entities: what has a shape by rule, names from the shop's catalogue, nouns by a small tagger."""

from bot.components.entities.extractor import EntityExtractor

__all__ = ["EntityExtractor"]
