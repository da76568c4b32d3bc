"""The service that will recompute readiness when a version arrives; nothing of it is here yet."""
