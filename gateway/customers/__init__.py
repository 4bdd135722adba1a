"""Customers as staff see them."""
