"""Answers kept ready, filled in with what is known."""
