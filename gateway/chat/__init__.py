"""A page for each site that is nothing but its chat."""
