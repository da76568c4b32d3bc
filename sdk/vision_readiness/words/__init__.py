"""The one room that makes sentences of facts."""
