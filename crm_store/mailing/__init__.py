"""Mail to customers, handed in over SMTP by the worker."""
