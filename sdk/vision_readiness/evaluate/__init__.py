"""Truths and predictions in, metrics out: matched once, then reweighted."""
