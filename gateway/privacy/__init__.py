"""What customers allow, their copy of their data, and its end."""
