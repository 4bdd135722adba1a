"""Answers kept ready."""
