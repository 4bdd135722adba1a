"""The worker: Rasa's events into the store, articles into vectors."""
