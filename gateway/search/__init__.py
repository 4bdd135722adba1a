"""Search over everything that staff may see."""
