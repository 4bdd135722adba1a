"""Groups of customers alike in what they buy and how their conversations go."""
