"""The bot's turns: claimed from the store, asked of the assistant, written back."""
