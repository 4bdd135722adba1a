"""Business calendars: when the desk is open."""
