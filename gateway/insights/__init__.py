"""Counts and results of analysis."""
