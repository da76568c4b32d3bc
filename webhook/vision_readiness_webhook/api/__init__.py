"""The service for programs: JSON over HTTP, each route from one table that the OpenAPI is made from too."""

from vision_readiness_webhook.api.table import routes

__all__ = ["routes"]
