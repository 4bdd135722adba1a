"""Figures over judged messages, a file each; undefined ones are None."""
