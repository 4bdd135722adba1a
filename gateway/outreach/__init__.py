"""Messages that the shop says first."""
