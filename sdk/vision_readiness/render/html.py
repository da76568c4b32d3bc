"""The report as one self-contained page, and as a card for notebooks.

Every text goes through ``harmless`` and Jinja's escaping on its way out, in one place: the environment's ``finalize``.
"""

from __future__ import annotations

import shlex
from base64 import b64encode
from collections.abc import Mapping
from functools import cache, partial
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from markupsafe import Markup

from vision_readiness import words as numbers
from vision_readiness.readiness import ReadinessState
from vision_readiness.render import (
    charts,
    checklist,
    error_panels,
    panels,
    phrases,
    score_charts,
    score_panels,
    slice_panels,
    stress_charts,
    words,
)
from vision_readiness.render.card import MOST_CONCERNS
from vision_readiness.render.concerns import concerns
from vision_readiness.render.markup import finalized, prose
from vision_readiness.render.pictures import picture_id, picture_requests
from vision_readiness.report_tables import FailureExample

if TYPE_CHECKING:
    from jinja2 import Environment, Template

    from vision_readiness.report import Report

Pictures = Mapping[str, bytes]
"""JPEG bytes of ``failure_picture`` by ``picture_id``."""

POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'"
MOST_IN_HERO = 3
MOST_DRAWERS = 8
MOST_LISTED = 12
MOST_CHARTS = 6


def page_html(report: Report, pictures: Pictures | None = None) -> str:
    """The whole report as one HTML page: no script, nothing fetched, readable on a phone, on paper and in the dark.

    ``pictures`` holds the example pictures to show; an example without one is named in words.
    """
    shown = pictures or {}
    pictured = partial(_pictured, shown)
    return _template("page.html.j2").render(
        **_shared(report),
        picture=partial(_picture, shown),
        pictured=pictured,
        hero_pictures=pictured(_telling(report))[:MOST_IN_HERO],
        error_costs=error_panels.error_costs(report),
        failure_map=error_panels.failure_map(report),
        score_panels=score_panels.score_panels(report),
        threshold_panels=score_panels.threshold_panels(report),
        coco=error_panels.coco_rows(report),
        evaluation={key: value for key, value in report.evaluation.items() if key != "coco"},
    )


def card_html(report: Report) -> str:
    """The card alone, as a fragment that brings its own style: for a notebook's output cell."""
    return _template("card.html.j2").render(**_shared(report), concerns=concerns(report))


def _shared(report: Report) -> dict[str, Any]:
    return {
        "report": report,
        "weakest": panels.weakest(report),
        "modes": panels.failure_modes(report),
        "coverage": panels.coverage_map(report),
        "confusion": panels.confusion_table(report),
        "requirements": panels.requirement_tables(report),
        "by_severity": panels.by_severity(report),
        "check": f"vision-readiness check {shlex.quote(words.harmless(report.provenance.source) or 'SOURCE')}",
        "tone": "evidence" if report.blocked_by == "evidence" else str(report.readiness_state),
    }


def _telling(report: Report) -> tuple[FailureExample, ...]:
    """The examples that belong to the answer itself: of the class it is about, and none where all is well."""
    weak = panels.weakest(report)
    if report.readiness_state is ReadinessState.READY or weak is None:
        return ()
    requested = picture_requests(report)
    return tuple(example for example in requested if weak.requirement.label in (None, example.label))


def _pictured(pictures: Pictures, examples: tuple[FailureExample, ...]) -> list[FailureExample]:
    return [example for example in examples if picture_id(example) in pictures]


def _picture(pictures: Pictures, example: FailureExample) -> str | None:
    encoded = pictures.get(picture_id(example))
    return None if encoded is None else f"data:image/jpeg;base64,{b64encode(encoded).decode()}"


def _template(name: str) -> Template:
    return _environment().get_template(name)


@cache
def _environment() -> Environment:
    from jinja2 import Environment, PackageLoader, StrictUndefined

    environment = Environment(
        loader=PackageLoader("vision_readiness.render"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=finalized,
    )
    environment.filters["prose"] = prose
    environment.globals.update(
        charts=charts,
        errors=error_panels,
        score_charts=score_charts,
        stress_panel=stress_charts.stress_panel,
        checklist_words=checklist.WORDS,
        scores=score_panels,
        slices=slice_panels,
        numbers=numbers,
        words=words,
        phrases=phrases,
        panels=panels,
        severity_words=panels.SEVERITIES,
        most_confused=panels.MOST_CONFUSED,
        most_concerns=MOST_CONCERNS,
        most_drawers=MOST_DRAWERS,
        most_listed=MOST_LISTED,
        most_charts=MOST_CHARTS,
        policy=POLICY,
        css=_style("report.css") + _style("depth.css") + _style("stress.css"),
        card_css=_style("card.css"),
    )
    return environment


def _style(name: str) -> Markup:
    return Markup(files("vision_readiness.render").joinpath("templates", name).read_text("utf-8"))  # noqa: S704 - our own file
