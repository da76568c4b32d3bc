"""Spans around the stages of runs and around what is sent, for whoever installs an OpenTelemetry SDK."""

from __future__ import annotations

from contextlib import AbstractContextManager

from opentelemetry import trace

_tracer = trace.get_tracer("vision_readiness_webhook")


def span(name: str, **attributes: str | int | None) -> AbstractContextManager[trace.Span]:
    """A span that lasts as long as the block; an attribute that is ``None`` is left out."""
    told = {f"vision_readiness.{key}": value for key, value in attributes.items() if value is not None}
    return _tracer.start_as_current_span(name, attributes=told)
