"""Companies that buy, and the customers who speak for them."""
