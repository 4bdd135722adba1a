"""Customers who may be one person, and what staff say of them."""
