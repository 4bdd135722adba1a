"""Tickets as staff see them."""
