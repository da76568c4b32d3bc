"""Labels and predictions in, figures out: matches, rates with their bounds, errors and what they cost."""
