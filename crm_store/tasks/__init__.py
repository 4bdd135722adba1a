"""What somebody has to do until when, and which record it is about."""
