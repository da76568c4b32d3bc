"""Reason codes: a family a file, every check in an explicit tuple."""
