"""What the service remembers: one database, SQLite or Postgres, and one room a kind of row."""

from vision_readiness_webhook.store.database import Database, open_database

__all__ = ["Database", "open_database"]
