"""Goods on their way back, and the money that follows them."""
