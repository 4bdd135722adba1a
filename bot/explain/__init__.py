"""Why a message was understood as it was: `python -m bot.explain`."""
