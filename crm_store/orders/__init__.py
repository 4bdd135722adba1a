"""Orders: looking them up, and changing them within the shop's rules."""
