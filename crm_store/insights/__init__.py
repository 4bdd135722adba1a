"""What conversations and orders say about customers: read by analytics, written back by it."""
