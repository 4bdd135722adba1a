"""Leads as staff see them."""
