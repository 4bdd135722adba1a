"""Staff log in, log out, and prove who they are on every request."""
