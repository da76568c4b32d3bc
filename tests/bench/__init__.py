"""How long things take; ``make bench`` runs it. Nothing here asserts a time."""
