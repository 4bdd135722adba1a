"""Sites that show the widget, and the identities they sign."""
