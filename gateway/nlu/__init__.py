"""What the assistant understands, and why."""
