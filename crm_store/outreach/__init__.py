"""Messages that the shop wants to say first: only with consent, and not too often."""
