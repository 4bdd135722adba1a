"""Promises to customers and the hours that they are counted in."""
