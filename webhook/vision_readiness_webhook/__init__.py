"""The service that recomputes readiness when a version arrives."""
