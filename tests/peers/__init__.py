"""Other evaluators as judges of ours, from an environment of their own: ``make test-peers``."""
