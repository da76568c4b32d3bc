"""Model on a device in, ``LatencyFacts`` out; percentiles come with their bounds."""
