"""The customer's side: sessions, messages, files, the live socket."""
