"""What ``vision-readiness-webhook`` does beside serving, one noun a file."""
