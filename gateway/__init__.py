"""The public server: widget, console, staff API and the realtime sockets. Transport only."""
