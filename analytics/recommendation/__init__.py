"""What to offer to whom: from what people bought together, and from what they said."""
