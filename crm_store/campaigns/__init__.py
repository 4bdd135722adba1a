"""Campaigns, the people in them, and each time that one of them was approached."""
