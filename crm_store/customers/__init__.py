"""Customers: profiles, identities, verification, the card."""
