"""Test images made worse step by step: where each requirement breaks, and how far that is from what is seen."""
