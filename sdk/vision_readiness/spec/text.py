"""The specification as YAML: read with errors that name the key, written with every assumption marked."""

from __future__ import annotations

import difflib
import re
import types
from collections.abc import Callable, Iterator, Mapping
from typing import Any, Union, get_args, get_origin

import yaml
from pydantic import BaseModel, TypeAdapter, ValidationError

from vision_readiness.errors import SpecError
from vision_readiness.requirement import Metric, Waiver
from vision_readiness.spec.floors import raised
from vision_readiness.spec.model import DeploymentSpec

MARK = "# assumed: "
MARKED = re.compile(rf":?\s*{MARK}(?:because )?(.*)")
EXAMPLES = {
    "conditions": "{lighting: {day: 0.6, night: 0.4}}",
    "seasons": "{winter: {refresh_by: 2026-11-01, months: [December, January, February]}}",
    "camera": "{resolution: 1920x1080, angle: 30 degrees down, lens: 2.8 mm, mount: dock gate}",
    "data": "{sources: [dock 1, dock 2], consent: signs at the gates, retention: 90 days}",
    "agreement": '{measured: 0.91, how: "two annotators, 200 images"}',
    "golden_set": '{tags: ["set:golden"], verified_by: Neha Kapoor}',
    "challenge_set": "{folders: [hard-cases]}",
    "output": "{boxes: xyxy, coordinates: pixels, frame: stored_image, thresholds: per_class, nms: per_class}",
    "fallback": "{on_low_confidence: human_review, on_unknown_object: ignore, on_degradation: previous_version}",
    "rollout": '{strategy: shadow, rollback_triggers: ["p95 over 150 ms for 10 minutes"]}',
    "rollback_owner": "neha@acme.example",
}
"""What a written specification shows for the parts that nobody filled in."""


MOST_VALUES = 100_000
MOST_DIGITS = 30
"""What a specification may hold: texts may come from strangers."""

MAPPINGS = ("classes", "conditions", "seasons", "requirements")
"""What is left out of a written specification where it is empty."""


def read_spec(
    text: str, *, name: str = "the spec", base: Callable[[str], str] | None = None, above: tuple[str, ...] = ()
) -> DeploymentSpec:
    """The specification in ``text``; ``base`` reads the text of the file that ``extends`` names.

    ``above`` are the names of the files that extend this one, so that a circle is an error.

    A line that ends in ``# assumed: because …`` marks its key as assumed. Raises ``SpecError`` for anything else than
    a valid specification, naming the key and the nearest right one.
    """
    plain = _mapping(text, name)
    written = plain.pop("assumptions", None) or {}
    assumptions = {**written, **dict(_marks(text))} if isinstance(written, Mapping) else written
    try:
        spec = DeploymentSpec.model_validate({**plain, "assumptions": assumptions})
    except ValidationError as error:
        raise SpecError(f"{name}: {_first_error(error)}") from None
    if spec.extends is None:
        return spec
    if base is None:
        raise SpecError(f"{name}: `extends: {spec.extends}` needs that file; give the spec as a file, not as text")
    if spec.extends in above:
        raise SpecError(f"{name}: `extends` runs in a circle: {' -> '.join((*above, spec.extends))}")
    floors = read_spec(base(spec.extends), name=spec.extends, base=base, above=(*above, spec.extends))
    return raised(spec, floors, name)


def read_waivers(text: str, *, name: str = "the waivers") -> tuple[Waiver, ...]:
    """The accepted risks in a YAML list of code, subject, person, reason and expires (a date)."""
    try:
        plain = _plain(text, name)
        return TypeAdapter(tuple[Waiver, ...]).validate_python(plain or ())
    except ValidationError as error:
        raise SpecError(f"{name}: {_first_error(error)}; a waiver has code, subject, person, reason, expires") from None


def write_spec(spec: DeploymentSpec) -> str:
    """``spec`` as YAML that ``read_spec`` reads back, each assumed value with its reason beside it."""
    plain = _filled(spec.model_dump(mode="json", by_alias=True, exclude={"assumptions"}, exclude_none=True))
    plain = {"project": spec.project, "approved_by": spec.approved_by, **plain}
    for name, condition in plain.get("conditions", {}).items():
        levels = spec.conditions[name].levels
        listed = all(share is None for share in levels.values())
        condition["levels"] = list(levels) if listed else dict(levels)
    for name, season in plain.get("seasons", {}).items():
        if season.keys() == {"refresh_by", "critical"} and season["critical"]:
            plain["seasons"][name] = season["refresh_by"]
    lines = ['# Until approved_by is filled in, the answer is never "ready".']
    for key, value in plain.items():
        if value or key not in MAPPINGS:
            lines.extend(_lines(key, value, spec.assumptions))
    missing = [f"{key}: {example}" for key, example in EXAMPLES.items() if not plain.get(key)]
    lines.extend(["# Nobody said yet, for example:", *(f"#   {line}" for line in missing)] if missing else [])
    return "\n".join(lines) + "\n"


def _filled(value: Any) -> Any:
    """``value`` without keys whose value is empty; a part that says nothing stays as one that is there."""
    if isinstance(value, dict):
        return {key: _filled(inner) for key, inner in value.items() if inner != []}
    return [_filled(inner) for inner in value] if isinstance(value, list) else value


def _lines(key: str, value: Any, assumptions: Mapping[str, str]) -> Iterator[str]:
    if isinstance(value, dict) and key in ("classes", "conditions"):
        yield f"{key}:"
        for name, inner in value.items():
            yield _line(f"  {_flow(name)}: {_flow(inner)}", assumptions, f"{key}.{name}")
    elif isinstance(value, list):
        yield f"{key}:"
        for index, inner in enumerate(value):
            yield _line(f"  - {_flow(inner)}", assumptions, f"{key}.{index}")
    else:
        yield _line(f"{key}: {_flow(value)}", assumptions, key)


def _line(text: str, assumptions: Mapping[str, str], path: str) -> str:
    because = assumptions.get(path)
    if not because:
        return text
    printable = "".join(letter if letter.isprintable() else " " for letter in because)
    return f"{text}  {MARK}because {' '.join(printable.split())}"


def _flow(value: Any) -> str:
    """``value`` as YAML on one line; quoted throughout where a name would break the line."""
    options: dict[str, Any] = {"default_flow_style": True, "sort_keys": False, "width": 10**9}
    plain: str = yaml.safe_dump(value, allow_unicode=True, **options)
    text = plain.removesuffix("...\n").strip()
    quoted: str = text if len(text.splitlines()) == 1 else yaml.safe_dump(value, default_style='"', **options)
    return quoted.strip()


def _plain(text: str, name: str) -> Any:
    try:
        loader = yaml.SafeLoader(text)  # which refuses letters that YAML does not know
        try:
            node = loader.get_single_node()
            _written_out(node, {})
            return None if node is None else loader.construct_document(node)
        finally:
            loader.dispose()
    except (yaml.YAMLError, RecursionError, ValueError) as error:  # a day such as 2026-13-01 is a ValueError
        raise SpecError(f"{name} is not YAML: {_one_line(error)}") from None


def _written_out(node: yaml.Node | None, known: dict[int, int]) -> int:
    """How many values ``node`` holds with every alias written out; raises ``ValueError`` for what nobody means.

    Nine aliases of nine aliases of … are some hundred bytes that would take the memory of the machine.
    """
    if id(node) in known:
        if not known[id(node)]:
            raise ValueError("an alias stands for something that holds it")
        return known[id(node)]
    if isinstance(node, yaml.ScalarNode) and node.tag.endswith(":int") and len(node.value) > MOST_DIGITS:
        raise ValueError(f"a number has at most {MOST_DIGITS} digits")
    known[id(node)] = 0
    held = getattr(node, "value", ()) if isinstance(node, yaml.CollectionNode) else ()
    inner = (part for one in held for part in (one if isinstance(one, tuple) else (one,)))
    total = known[id(node)] = 1 + sum(_written_out(one, known) for one in inner)
    if total > MOST_VALUES:
        raise ValueError(f"with its aliases written out it holds more than {MOST_VALUES:,} values")
    return total


def _mapping(text: str, name: str) -> dict[str, Any]:
    plain = _plain(text, name)
    if not isinstance(plain, dict):
        raise SpecError(f"{name} is not a specification: it has to be a mapping such as `approved_by: …`")
    return {str(key): value for key, value in plain.items()}


def _marks(text: str) -> Iterator[tuple[str, str]]:
    """The keys whose lines end in a mark, each with the reason there; a mark inside a value is none."""
    lines = text.splitlines()
    node = yaml.compose(text, Loader=yaml.SafeLoader) if MARK in text else None
    for key, value in node.value if isinstance(node, yaml.MappingNode) else ():
        yield from _mark(lines, key.value, key, value)
        for under, inner in value.value if isinstance(value, yaml.MappingNode) else ():
            yield from _mark(lines, f"{key.value}.{under.value}", under, inner)
        for index, item in enumerate(value.value if isinstance(value, yaml.SequenceNode) else ()):
            yield from _mark(lines, f"{key.value}.{index}", item, item)


def _mark(lines: list[str], path: str, key: yaml.Node, value: yaml.Node) -> Iterator[tuple[str, str]]:
    end = value.end_mark if value.start_mark.line == key.start_mark.line else key.end_mark
    rest = lines[end.line][end.column :] if end.line < len(lines) else ""
    if found := MARKED.match(rest):
        yield path, found[1].strip()


def _first_error(error: ValidationError) -> str:
    first = error.errors(include_url=False)[0]
    path = tuple(
        part for part in first["loc"] if not (isinstance(part, str) and part.startswith(("tuple[", "constrained")))
    )
    where = ".".join(map(str, path)) or "the whole"
    if first["type"] == "extra_forbidden":
        near = difflib.get_close_matches(str(path[-1]), _keys_at(path[:-1]), n=1, cutoff=0.5)
        hint = f"did you mean `{near[0]}`?" if near else f"the keys here are {', '.join(sorted(_keys_at(path[:-1])))}"
        return f"unknown key `{where}`; {hint}"
    if path and path[-1] == "metric":
        near = difflib.get_close_matches(str(first["input"]), list(Metric), n=1, cutoff=0.4)
        hint = f"did you mean `{near[0]}`?" if near else f"one of {', '.join(Metric)}"
        return f"`{where}` is {first['input']!r}; {hint}"
    return f"`{where}`: {_one_line(first['msg'].removeprefix('Value error, '))} (got {first['input']!r:.80})"


def _keys_at(path: tuple[int | str, ...]) -> list[str]:
    kind: Any = DeploymentSpec
    for part in path:
        if isinstance(kind, type) and issubclass(kind, BaseModel):
            names = {field.serialization_alias or name: field.annotation for name, field in kind.model_fields.items()}
            kind = names.get(str(part))
        else:
            kind = get_args(kind)[-1] if get_args(kind) and get_args(kind)[-1] is not Ellipsis else get_args(kind)[0]
        if get_origin(kind) in (Union, types.UnionType):
            kind = next(option for option in get_args(kind) if option is not type(None))
    if isinstance(kind, type) and issubclass(kind, BaseModel):
        return [field.serialization_alias or name for name, field in kind.model_fields.items()]
    return []


def _one_line(error: object) -> str:
    return " ".join(str(error).split())[:300]
