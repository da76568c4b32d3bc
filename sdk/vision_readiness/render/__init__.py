"""Forms of a report: text, JSON, HTML, Markdown, GitHub, JUnit and more, each a function by the name of its format."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType

from vision_readiness.render.card import card_text
from vision_readiness.render.github import outputs, summary, workflow_commands
from vision_readiness.render.html import card_html, page_html
from vision_readiness.render.junit import junit_xml
from vision_readiness.render.markdown import markdown_text
from vision_readiness.render.pictures import failure_picture, picture_id, picture_requests
from vision_readiness.report import Report

FORMATS: Mapping[str, Callable[[Report], str]] = MappingProxyType(
    {
        "text": card_text,
        "json": Report.to_json,
        "html": page_html,
        "markdown": markdown_text,
        "github": workflow_commands,
        "junit": junit_xml,
    }
)
"""Every format of ``--format``: the report in, the text to write out."""

__all__ = [
    "FORMATS",
    "card_html",
    "card_text",
    "failure_picture",
    "junit_xml",
    "markdown_text",
    "outputs",
    "page_html",
    "picture_id",
    "picture_requests",
    "summary",
    "workflow_commands",
]
