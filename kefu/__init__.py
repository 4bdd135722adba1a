"""The `kefu` command: set-up, supervision and everyday tools."""
