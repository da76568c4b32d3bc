"""Services that are killed while they work, and what is left of what they took."""
