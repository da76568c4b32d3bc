"""The service that recomputes readiness when a version arrives, and tells those who wait for it."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from vision_readiness_webhook.app import create_app, lifespan
    from vision_readiness_webhook.settings import Settings
else:

    def __getattr__(name: str) -> object:
        """A public name, from the module that holds it."""
        import importlib

        home = {"create_app": "app", "lifespan": "app", "Settings": "settings"}
        if name not in home:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        return getattr(importlib.import_module(f"{__name__}.{home[name]}"), name)


__all__ = ["Settings", "create_app", "lifespan"]
