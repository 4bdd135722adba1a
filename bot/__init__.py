"""The assistant: runs inside Rasa, in its own runtime, and imports nothing of the platform."""
