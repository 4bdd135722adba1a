"""Files that staff upload to be imported."""
