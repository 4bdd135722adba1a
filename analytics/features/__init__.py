"""What is known of each customer, as numbers: from orders and from conversations."""
