"""Backups of the whole store: made while it serves, encrypted, opened again before they count."""
