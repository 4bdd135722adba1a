"""Rasa graph components: what the assistant understands from a message."""
