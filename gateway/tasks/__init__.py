"""Tasks as staff see them."""
