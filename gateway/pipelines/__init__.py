"""Pipelines as staff see and configure them."""
