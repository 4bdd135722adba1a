"""Who did what: the audit log, read."""
