"""Accounts as staff see them."""
