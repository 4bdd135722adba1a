"""Erasing a person: every table, file and memory that the register and the settings know of."""
