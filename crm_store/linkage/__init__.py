"""Finding customers who are one person: candidates, scores, and what is done with them."""
