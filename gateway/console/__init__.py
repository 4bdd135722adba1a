"""The console's page and its live socket."""
