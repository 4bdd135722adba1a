"""Campaigns as staff see them."""
