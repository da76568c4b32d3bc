"""Test images degraded step by step: where each requirement breaks, and how far that is from what cameras show."""
