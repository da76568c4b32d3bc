"""The report as one self-contained page, and as a card for notebooks.

Every text goes through ``harmless`` and Jinja's escaping on its way out, in one place: the environment's ``finalize``.
"""

from __future__ import annotations

import shlex
from base64 import b64encode
from collections.abc import Mapping
from datetime import date
from functools import cache, partial
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from markupsafe import Markup

from vision_readiness import numbers
from vision_readiness.evaluate.examples import FailureExample
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
from vision_readiness.render.concerns import concerns, explains_words, voided_by
from vision_readiness.render.markup import finalized, prose
from vision_readiness.render.pictures import picture_id, picture_requests
from vision_readiness.report import has_run_out

if TYPE_CHECKING:
    from jinja2 import Environment, Template

    from vision_readiness.report import Report

Pictures = Mapping[str, bytes | str]
"""JPEG bytes of ``failure_picture``, or an address they are had from, by ``picture_id``."""

POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'"
MOST_IN_HERO = 3
MOST_DRAWERS = 8
MOST_LISTED = 12
MOST_CHARTS = 6


def page_html(report: Report, pictures: Pictures | None = None) -> str:
    """The whole report as one HTML page: no script, nothing fetched, readable on a phone, on paper and in the dark.

    ``pictures`` holds the example pictures to show; an example without one is named in words.
    """
    return _template("page.html.j2").render(**page_values(report, pictures))


def card_html(report: Report) -> str:
    """The card alone, as a fragment that brings its own style: for a notebook's output cell."""
    return _template("card.html.j2").render(**_shared(report), concerns=concerns(report))


def page_values(report: Report, pictures: Pictures | None = None, *, on: date | None = None) -> dict[str, Any]:
    """What the templates of the page are filled with: for a page of somebody else's that includes one of them.

    ``on`` is the day on which it is shown, where that is not the day of the report.
    """
    shown = pictures or {}
    pictured = partial(_pictured, shown)
    return {
        **_shared(report, on),
        "picture": partial(_picture, shown),
        "pictured": pictured,
        "hero_pictures": pictured(_telling(report))[:MOST_IN_HERO],
        "error_costs": error_panels.error_costs(report),
        "failure_map": error_panels.failure_map(report),
        "score_panels": score_panels.score_panels(report),
        "threshold_panels": score_panels.threshold_panels(report),
        "coco": error_panels.coco_rows(report),
        "evaluation": {key: value for key, value in report.figures.evaluation.items() if key != "coco"},
        "rollout_address": "#rollout",
    }


def style_sheet() -> str:
    """The style of the page, of which every page that includes its templates has need."""
    return "".join(map(_style, ("report.css", "depth.css", "stress.css")))


def _shared(report: Report, on: date | None = None) -> dict[str, Any]:
    expired = on is not None and report.deployable and has_run_out(report, on)
    tone = "evidence" if expired or report.blocked_by == "evidence" else str(report.readiness_state)
    return {
        "report": report,
        "deployable": report.deployable and not expired,
        "expired": expired,
        "badge": "EXPIRED" if expired else phrases.badge(report),
        "weakest": panels.weakest(report),
        "modes": panels.failure_modes(report),
        "coverage": panels.coverage_map(report),
        "confusion": panels.confusion_table(report),
        "requirements": panels.requirement_tables(report),
        "by_severity": panels.by_severity(report),
        "voided_by": partial(voided_by, report=report),
        "explains_words": explains_words,
        "check": f"vision-readiness check {shlex.quote(words.harmless(report.provenance.source) or 'SOURCE')}",
        "tone": tone,
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
    given = pictures.get(picture_id(example))
    return f"data:image/jpeg;base64,{b64encode(given).decode()}" if isinstance(given, bytes) else given


def _template(name: str) -> Template:
    return _environment().get_template(name)


@cache
def _environment() -> Environment:
    return environment_of()


def environment_of(*packages: str) -> Environment:
    """An environment in which every value is made harmless and escaped, with the words and charts of the page.

    Templates come from the folder ``templates`` of ``packages``, and from ours where those have none of the name.
    """
    from jinja2 import ChoiceLoader, Environment, PackageLoader, StrictUndefined

    environment = Environment(
        loader=ChoiceLoader([PackageLoader(name) for name in (*packages, "vision_readiness.render")]),
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
        css=Markup(style_sheet()),  # noqa: S704 - our own files
        card_css=_style("card.css"),
    )
    return environment


@cache
def _style(name: str) -> Markup:
    return Markup(files("vision_readiness.render").joinpath("templates", name).read_text("utf-8"))  # noqa: S704 - our own file
