"""Data set in, ``DatasetFacts`` out: one decode an image, nothing judged."""
