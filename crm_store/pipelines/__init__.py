"""Pipelines: the stages in which the shop sells."""
