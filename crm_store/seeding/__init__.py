"""The demo shop "Lantern & Pine": made up, believable, the same for the same seed."""
