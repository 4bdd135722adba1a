"""Orders as staff see them."""
