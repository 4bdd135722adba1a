"""Frames from a commit to every open socket that may see it."""
