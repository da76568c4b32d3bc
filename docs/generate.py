"""The pages that are made from the code: ``python docs/generate.py`` writes them, ``--check`` only compares."""

from __future__ import annotations

import ast
import inspect
import json
import re
import sys
import tomllib
import types
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Annotated, Any, Literal, Union, get_args, get_origin

import typer
from click.testing import CliRunner
from pydantic import BaseModel
from pydantic.fields import FieldInfo

from vision_readiness.decide.table import REFUSALS, ROWS
from vision_readiness.policy import Policy
from vision_readiness.reasons import CHECKS, REASONS
from vision_readiness.reasons.reason import Reason
from vision_readiness.report import report_schema
from vision_readiness.requirement import Metric
from vision_readiness.spec import (
    Agreement,
    CameraProfile,
    ClassRule,
    ConditionRule,
    DataPolicy,
    DeploymentSpec,
    DeploymentTarget,
    Fallback,
    ImageSet,
    Monitoring,
    OutputContract,
    RequirementRule,
    Rollout,
    Season,
    ThresholdRule,
)
from vision_readiness.words.findings import sentence_of
from vision_readiness_adapters.cli.commands import app
from vision_readiness_webhook.api.table import described
from vision_readiness_webhook.problems import PROBLEMS
from vision_readiness_webhook.settings import settings_table

ROOT = Path(__file__).parents[1]
DOCS = ROOT / "docs"
SDK = ROOT / "sdk" / "vision_readiness"
FAMILIES = {
    "DATA": "images, balance and coverage",
    "LABEL": "annotations",
    "SPLIT": "splits, leakage and augmentation",
    "MODEL": "the model's behaviour",
    "TARGET": "latency, memory and the device",
    "PROD": "production",
    "SPEC": "the specification",
    "INPUT": "input that cannot be used",
}
PLACES: dict[str, type[BaseModel]] = {
    "": DeploymentSpec,
    "classes.NAME": ClassRule,
    "classes.NAME.threshold": ThresholdRule,
    "requirements[]": RequirementRule,
    "conditions.NAME": ConditionRule,
    "seasons.NAME": Season,
    "camera": CameraProfile,
    "data": DataPolicy,
    "agreement": Agreement,
    "golden_set": ImageSet,
    "deployment_target": DeploymentTarget,
    "output": OutputContract,
    "monitoring": Monitoring,
    "fallback": Fallback,
    "rollout": Rollout,
}
BEGIN, END = "<!-- made by `make docs` -->\n", "<!-- until here -->\n"
WIDTH = 100


def pages() -> dict[Path, str]:
    """The text of every generated page, by its path."""
    spec, decision, api, service = (DOCS / name for name in ("spec.md", "decision.md", "api.md", "service.md"))
    return {
        DOCS / "architecture.md": architecture_page(),
        DOCS / "reasons.md": reasons_page(),
        DOCS / "report.schema.json": json.dumps(report_schema(), indent=1, sort_keys=True) + "\n",
        DOCS / "cli.md": cli_page(),
        spec: between_marks(spec.read_text("utf-8"), spec_keys()),
        service: between_marks(service.read_text("utf-8"), settings_rows()),
        decision: between_marks(decision.read_text("utf-8"), decision_table()),
        api: between_marks(api.read_text("utf-8"), api_tables()),
    }


def architecture_page() -> str:
    """Every room of the sdk on its floor, and every seam, from the import contracts and the code."""
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["importlinter"]
    packages, floors, circles, pure = settings["contracts"]
    lines = [
        "# Architecture",
        "",
        "Made from the import contracts in `pyproject.toml`, which `make lint` checks. Type-only imports count too.",
        "",
        f"**{packages['name']}.** Each knows those after it: {', '.join(f'`{one}`' for one in packages['layers'])}.",
        "",
        f"**{pure['name']}.** It never imports {', '.join(pure['forbidden_modules'])}.",
        "",
        f"## {floors['name']}",
        "",
        "The highest floor stands first; rooms on one floor do not know each other. A new room has to be given its",
        "floor, or the linter fails.",
        "",
        "| floor | room | what it is |",
        "| --- | --- | --- |",
    ]
    for number, floor in zip(range(len(floors["layers"]), 0, -1), floors["layers"], strict=True):
        lines += [f"| {number} | {_linked(room)} | {_said(room)} |" for room in re.split(r" [|:] ", floor)]
    lines += ["", f"## {circles['name']}", "", "Exempt, because a report prints, shows and compares itself:", ""]
    lines += [f"- `{one}`" for one in circles["ignore_imports"]]
    lines += [
        "",
        "## Seams",
        "",
        "What the outside provides: each a protocol, implemented in `adapters/` or by you.",
        "",
    ]
    lines += ["| port | stands in | what it is |", "| --- | --- | --- |", *_ports()]
    return "\n".join(lines) + "\n"


def _linked(room: str) -> str:
    path = _path(room)
    shown = path.relative_to(SDK)
    return f"[`{shown.parent if path.name == '__init__.py' else shown}`](../{path.relative_to(ROOT)})"


def _path(room: str) -> Path:
    folder = SDK.joinpath(*room.split("."))
    return folder / "__init__.py" if folder.is_dir() else folder.with_suffix(".py")


def _said(room: str) -> str:
    return _first_line(ast.parse(_path(room).read_text("utf-8")))


def _first_line(node: ast.Module | ast.ClassDef) -> str:
    return (ast.get_docstring(node) or "").partition("\n")[0].replace("``", "`")


def _ports() -> Iterator[str]:
    """A row for each protocol in the sdk."""
    for path in sorted(SDK.rglob("*.py")):
        for node in ast.parse(path.read_text("utf-8")).body:
            if isinstance(node, ast.ClassDef) and "Protocol" in map(ast.unparse, node.bases):
                yield f"| `{node.name}` | `{path.relative_to(SDK)}` | {_first_line(node)} |"


def reasons_page() -> str:
    """Every reason code by family, each with the sentence that its check gives on its own example."""
    lines = [
        "# Reason codes",
        "",
        "A code never changes its meaning and is never used twice. P0 blocks, P1 warns, P2 informs; a waiver names",
        "code, subject, person, reason and expiry. `vision-readiness explain CODE` prints the same in the terminal.",
        "",
    ]
    said = {check.code: [sentence_of(found) for found in check.run(check.trips(), Policy())] for check in CHECKS}
    for family, about in FAMILIES.items():
        mine = [reason for code, reason in REASONS.items() if code.rstrip("0123456789") == family]
        lines += [f"## {family}: {about}", "", "| code | name | severity | who mends it |", "| --- | --- | --- | --- |"]
        lines += [f"| [{one.code}](#{one.code.lower()}) | {one.name} | {one.severity} | {one.owner} |" for one in mine]
        lines.append("")
        for reason in mine:
            lines += _reason(reason, said.get(reason.code, []))
    return "\n".join(lines).rstrip() + "\n"


def _reason(reason: Reason, said: list[str]) -> list[str]:
    waiver = "A named person may accept the risk." if reason.waivable else "It cannot be waived."
    title = f"**{reason.name}** · {reason.severity} · {reason.stage} · counted in {reason.unit}"
    lines = [f"### {reason.code}", "", title, "", reason.meaning, ""]
    lines += [f"*Fix* (`{reason.action}`): {reason.fix} {waiver}", ""]
    if reason.needs:
        lines += [f"*Needs*: {', '.join(need.what for need in reason.needs)}.", ""]
    if reason.explains:
        explained = ", ".join(f"[{code}](#{code.lower()})" for code in reason.explains)
        lines += [f"*Until it is mended these mean nothing*: {explained}.", ""]
    for sentence in said[:1]:
        lines += [f"> {sentence}", ""]
    return lines


def cli_page() -> str:
    """The help of every command, as a terminal of ``WIDTH`` columns shows it."""
    command = typer.main.get_command(app)
    assert isinstance(command, typer.core.TyperGroup)  # noqa: S101 - the application has several commands
    names = ["", *command.commands]
    parts = ["# The command line", "", "Data go to standard output, words and progress to standard error.", ""]
    for name in names:
        arguments = [name, "--help"] if name else ["--help"]
        shown = CliRunner().invoke(
            command, arguments, prog_name="vision-readiness", terminal_width=WIDTH, max_content_width=WIDTH
        )
        parts += [f"## {f'vision-readiness {name}'.strip()}", "", "```text", shown.output.strip(), "```", ""]
    return "\n".join(parts).rstrip() + "\n"


def settings_rows() -> str:
    """Every setting of the service."""
    lines = ["| variable | default | meaning |", "| --- | --- | --- |"]
    lines += [
        f"| `{name}` | {f'`{default}`' if default else ''} | {said} |" for name, default, said in settings_table()
    ]
    return "\n".join([*lines, ""])


def decision_table() -> str:
    """Every situation of the decision table, and those in which nothing is decided."""
    lines = ["| situation | state | blocked by | next action | named |", "| --- | --- | --- | --- | --- |"]
    for row in ROWS:
        codes = ", ".join(f"[{code}](reasons.md#{code.lower()})" for code in row.codes)
        lines.append(f"| {row.situation} | `{row.state}` | {row.blocked_by or ''} | `{row.next_action}` | {codes} |")
    lines += [f"| {one.situation} | an error: `{one.error.__name__}` |  |  |  |" for one in REFUSALS]
    return "\n".join([*lines, "", ""])


def spec_keys() -> str:
    """A table of the keys of each part of a specification, from the models that read it."""
    lines = []
    for place, model in PLACES.items():
        lines += [f"### {f'`{place}`' if place else 'The whole'}", "", _about(model), ""]
        lines += ["| key | value | when absent |", "| --- | --- | --- |"]
        for name, field in model.model_fields.items():
            lines.append(f"| `{field.serialization_alias or name}` | {_kind(field)} | {_absent(field)} |")
        lines.append("")
    lines += ["### Metrics", "", ", ".join(f"`{metric}`" for metric in Metric if not metric.is_change), ""]
    return "\n".join(lines)


def _about(model: type[BaseModel]) -> str:
    return inspect.cleandoc(model.__doc__ or "").replace("``", "`").replace("`None`", "absent")


def _kind(field: FieldInfo) -> str:
    bounds = [_bound(one) for one in field.metadata]
    return ", ".join([" or ".join(dict.fromkeys(_words(field.annotation))), *filter(None, bounds)])


def _words(kind: Any) -> Iterator[str]:
    origin, inside = get_origin(kind), get_args(kind)
    if origin in (Union, types.UnionType):
        for option in inside:
            yield from _words(option)
    elif origin is Annotated:
        limits = [limit for one in inside[1:] for limit in getattr(one, "metadata", [])]
        yield ", ".join([*_words(inside[0]), *filter(None, map(_bound, limits))])
    elif origin is Literal:
        yield ", ".join(f"`{value}`" for value in inside)
    elif origin is tuple:
        yield "a list of " + " or ".join(_words(inside[0]))
    elif len(inside) == 2:
        yield f"a mapping of {' or '.join(_words(inside[0]))} to {' or '.join(_words(inside[1]))}"
    elif kind is not type(None):
        names = {
            str: "text",
            float: "a number",
            int: "a whole number",
            bool: "true or false",
            date: "a day, such as 2026-11-01",
            Metric: "a metric, below",
        }
        yield names.get(kind) or next(f"[`{place}`](#{_anchor(place)})" for place, of in PLACES.items() if of is kind)


def _bound(limit: Any) -> str:
    signs = {"ge": "≥", "gt": ">", "le": "≤", "lt": "<"}
    return "".join(f"{sign} {getattr(limit, name):g}" for name, sign in signs.items() if hasattr(limit, name))


def _anchor(place: str) -> str:
    return "".join(letter for letter in place.lower() if letter.isalnum() or letter == "_")


def _absent(field: FieldInfo) -> str:
    if field.is_required():
        return "has to be given"
    value = field.get_default(call_default_factory=True)
    if isinstance(value, bool):
        return str(value).lower()
    return str(value) if isinstance(value, int | float) else "nothing"


def api_tables() -> str:
    """Every operation of the service, and every way in which it says no."""
    lines = ["| operation | role | what it does |", "| --- | --- | --- |"]
    lines += [f"| `{one.method} {one.path}` | {one.role or 'anybody'} | {one.summary} |" for one in described()]
    lines += ["", "## Problems", "", "| status | problem | what it means | what to do |", "| --- | --- | --- | --- |"]
    for name, problem in sorted(PROBLEMS.items(), key=lambda one: (one[1].status, one[0])):
        lines.append(f"| {problem.status} | `{name}` | {problem.meaning} | {problem.mend} |")
    return "\n".join(lines) + "\n"


def between_marks(page: str, part: str) -> str:
    """``page`` with what stands between the marks replaced by ``part``."""
    before, rest = page.split(BEGIN)
    return f"{before}{BEGIN}\n{part}{END}{rest.split(END)[1]}"


def stale() -> list[Path]:
    """The generated pages that the code would write differently."""
    return [path for path, text in pages().items() if not path.exists() or path.read_text("utf-8") != text]


def main() -> int:
    """0, or 1 where ``--check`` finds a stale page."""
    found = stale()
    if "--check" in sys.argv[1:]:
        for path in found:
            print(f"{path.name} is stale: run `make docs`", file=sys.stderr)
        return 1 if found else 0
    for path, text in pages().items():
        path.write_text(text, encoding="utf-8")
        print(f"Wrote {path.relative_to(ROOT)}{'' if path in found else ', unchanged'}.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
