"""The custom actions that Rasa calls: thin, typed, no SQL."""
