"""Conversations as staff see and act on them."""
