"""API keys: what programs of staff log in with."""
