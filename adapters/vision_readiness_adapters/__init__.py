"""The command line and the outside world: everything that reads, writes or runs."""
