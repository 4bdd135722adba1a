"""A demo shop: the host page that the widget sits on."""
