"""Truth and answers in, figures out: matched once, weighted ever after."""
