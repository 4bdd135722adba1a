"""Labels on conversations and tickets."""
