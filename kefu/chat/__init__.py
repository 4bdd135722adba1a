"""A customer in the terminal, on the same endpoints as the widget."""
