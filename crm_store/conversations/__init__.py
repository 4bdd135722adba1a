"""Conversations: one owner, messages without gaps."""
