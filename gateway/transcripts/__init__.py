"""Finished and running talks, searched by admins."""
