"""Service levels: what is promised, and how much of it is used."""
