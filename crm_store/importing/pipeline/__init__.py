"""From a file to clean batches, in a second process where that pays.

Nothing here knows the database, so that the second process starts quickly.
"""
