"""Privacy: what is kept about whom, with which consent, for how long, and how it ends.

``personal`` classifies every table and column; export, erasure and retention follow it.
"""
