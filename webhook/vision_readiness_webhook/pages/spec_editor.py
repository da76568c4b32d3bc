"""The specification as a product manager writes it: a form, the YAML beside it, and what saving it would change."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from starlette.responses import Response

from vision_readiness import DeploymentSpec, Report, read_spec, write_spec
from vision_readiness.advisor import written_spec
from vision_readiness.errors import ReadinessError
from vision_readiness.render.panels import labels_of
from vision_readiness_webhook.access import Role
from vision_readiness_webhook.errors import ProblemError
from vision_readiness_webhook.pages.changes import Changes, changes_between
from vision_readiness_webhook.pages.newest import newest, report_of
from vision_readiness_webhook.pages.spec_form import Draft, draft_of, fields_of
from vision_readiness_webhook.pages.visit import Visit
from vision_readiness_webhook.pages.what_if import wish_of
from vision_readiness_webhook.store.given import SavedSpec, saved_spec, unpack_spec
from vision_readiness_webhook.store.reports import Kept

FOLDED_IN = (
    "This specification stands on {extends}, whose floors may not be lowered here. Change it in the file beside the "
    "data, and scan again."
)


def show(visit: Visit) -> Response:
    """The specification in force, or with what was tried out in what-if."""
    kept = newest(visit)
    report = report_of(kept)
    saved = _saved(visit)
    spec = _in_force(kept, saved)
    wish = wish_of(dict(visit.request.query_params), tuple(labels_of(report.data.splits)))
    if not wish.is_empty and not wish.wrong:
        spec = wish.applied(spec, tuple(labels_of(report.data.splits)))
    labels = _labels(report, spec)
    draft = Draft(fields_of(spec, labels), spec)
    return _page(visit, report, spec, saved, labels, draft, write_spec(spec))


def change(visit: Visit) -> Response:
    """What the form or the YAML would change; saved, it is in force and decided under at once."""
    kept = newest(visit)
    report = report_of(kept)
    saved = _saved(visit)
    base = _in_force(kept, saved)
    if base.extends is not None:
        raise ProblemError(409, "extends", FOLDED_IN.format(extends=base.extends))
    labels = _labels(report, base)
    if visit.form.get("how") == "yaml":
        draft, text = _from_yaml(visit.form.get("yaml", ""), labels), visit.form.get("yaml", "")
    else:
        draft = draft_of(base, labels, visit.form)
        text = write_spec(draft.spec or base)
    changes: Changes | None = None
    if draft.spec is not None:
        try:
            if visit.form.get("do") == "save":
                _, receipt = visit.actions.save_spec(visit.project, text, expected=visit.form.get("expected", ""))
                return visit.follow(receipt)
            changes = changes_between(visit.actions.preview_spec(visit.project, text), report)
        except ProblemError as error:
            draft = Draft(draft.fields, None, {**draft.wrong, "all": error.detail})
        except ReadinessError as error:
            draft = Draft(draft.fields, None, {"all": " ".join(str(error).split())})
    return _page(visit, report, base, saved, labels, draft, text, changes)


def _from_yaml(text: str, labels: Sequence[str]) -> Draft:
    try:
        spec = read_spec(text, name="the YAML")
        spec.requirements_for(tuple(labels))
    except ReadinessError as error:
        return Draft({}, None, {"yaml": str(error)})
    return Draft({}, spec)


def _page(
    visit: Visit,
    report: Report,
    spec: DeploymentSpec,
    saved: SavedSpec | None,
    labels: Sequence[str],
    draft: Draft,
    text: str,
    changes: Changes | None = None,
) -> Response:
    base: Mapping[str, str] = fields_of(spec, labels)
    values: dict[str, Any] = {
        "fields": {**dict.fromkeys(base, ""), **draft.fields} if draft.fields else base,
        "wrong": draft.wrong,
        "conditions": _rows(spec),
        "assumptions": spec.assumptions,
        "how": visit.form.get("how", "form"),
        "yaml": text,
        "changes": changes,
        "locked": FOLDED_IN.format(extends=spec.extends) if spec.extends else "",
        "editable": visit.actor.role.covers(Role.EDITOR) and spec.extends is None,
    }
    return visit.page(
        "spec_editor.html.j2",
        422 if draft.wrong else 200,
        project=visit.project,
        report=report,
        labels=labels,
        saved=saved,
        expected=saved.digest if saved else "",
        **values,
    )


def _rows(spec: DeploymentSpec) -> list[tuple[str, int]]:
    """Each condition with how many rows its situations take, one of them to add another."""
    return [(name, len(condition.levels) + 1) for name, condition in spec.conditions.items()]


def _saved(visit: Visit) -> SavedSpec | None:
    with visit.service.database.read() as connection:
        return saved_spec(connection, visit.actor.workspace, visit.project)


def _in_force(kept: Kept, saved: SavedSpec | None) -> DeploymentSpec:
    return written_spec(saved=saved.text if saved else None, last=unpack_spec(kept.spec_text))


def _labels(report: Report, spec: DeploymentSpec) -> list[str]:
    return list(dict.fromkeys((*labels_of(report.data.splits), *spec.classes)))
