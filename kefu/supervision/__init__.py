"""Running the whole system as one command: processes, their configuration, their readiness."""
