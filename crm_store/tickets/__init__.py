"""Things that somebody has to do."""
