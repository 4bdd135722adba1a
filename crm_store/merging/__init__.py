"""Two customer records become one, and can become two again."""
