"""Cleaning: small named rules that turn what files hold into what the store keeps.

A rule that changed a value is counted under its name; a value that no rule can make sense of is a
``BadValue`` with a reason that does not repeat the value.
"""
