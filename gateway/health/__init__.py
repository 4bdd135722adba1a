"""Is the process alive, and are its parts?"""
