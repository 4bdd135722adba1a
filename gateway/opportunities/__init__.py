"""Opportunities as staff see them."""
