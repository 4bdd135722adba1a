"""Full-text search over messages, customers, tickets, articles and the sales side."""
