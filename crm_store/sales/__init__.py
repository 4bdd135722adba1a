"""What the sales side reports: facts from the opportunities' histories, and sums over them."""
