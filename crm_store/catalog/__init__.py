"""What the shop sells, and finding it from what people type."""
