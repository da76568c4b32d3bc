"""A specification as the fields of a form, and back: what is wrong is said beside its field.

Fields are named by their place in the specification, classes and conditions by their number, because names may hold
anything. Rates are percent in the form. What the form does not show stays as it was.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from pydantic import ValidationError

from vision_readiness import DeploymentSpec
from vision_readiness.errors import SpecError

NUMBERS = (
    "p50_ms",
    "p95_ms",
    "p99_ms",
    "memory_mb",
    "fps_per_camera",
    "throughput",
    "cost_per_1000_images",
    "price_per_hour",
)
TEXTS: Mapping[str, tuple[str, ...]] = {
    "monitoring": ("in_place", "review", "retrain"),
    "fallback": ("on_low_confidence", "on_unknown_object", "on_degradation"),
}
LISTS = (("monitoring", "signals"), ("rollout", "rollback_triggers"), ("rollout", "sign_off"))
PERSONS = ("approved_by", "rollback_owner")
MOST_LETTERS = 500


@dataclass(frozen=True, slots=True)
class Draft:
    """A specification being written. ``spec`` is ``None`` where something is ``wrong``, by field in words."""

    fields: Mapping[str, str]
    spec: DeploymentSpec | None
    wrong: Mapping[str, str] = field(default_factory=dict)


def fields_of(spec: DeploymentSpec, labels: Sequence[str]) -> dict[str, str]:
    """The fields that show ``spec``, with a row for each of ``labels``."""
    shown = {name: getattr(spec, name) or "" for name in PERSONS}
    for n, label in enumerate(labels):
        rule = spec.rule(label)
        shown |= {f"classes.{n}.name": label, f"classes.{n}.critical": "on" if rule.critical else ""}
        shown |= {f"classes.{n}.{name}": _percent(getattr(rule, name)) for name in ("min_recall", "min_precision")}
        shown[f"classes.{n}.threshold"] = "" if rule.fixed_threshold is None else str(rule.fixed_threshold)
    for n, (name, condition) in enumerate(spec.conditions.items()):
        shown |= {f"conditions.{n}.name": name, f"conditions.{n}.critical": "on" if condition.critical else ""}
        for m, (level, share) in enumerate(condition.levels.items()):
            shown |= {f"conditions.{n}.levels.{m}.name": level, f"conditions.{n}.levels.{m}.share": _percent(share)}
    target = spec.deployment_target
    for name in ("device", "kind", "cameras", *NUMBERS):
        value = getattr(target, name) if target else None
        shown[f"deployment_target.{name}"] = "" if value is None else str(value).removesuffix(".0")
    shown["monitoring.required"] = "on" if spec.monitoring.required else ""
    for part, names in TEXTS.items():
        shown |= {f"{part}.{name}": getattr(getattr(spec, part), name, None) or "" for name in names}
    for part, name in LISTS:
        shown[f"{part}.{name}"] = "\n".join(getattr(getattr(spec, part), name, ()))
    shown["rollout.strategy"] = (spec.rollout and spec.rollout.strategy) or ""
    return shown


def draft_of(base: DeploymentSpec, labels: Sequence[str], form: Mapping[str, str]) -> Draft:
    """``base`` with what ``form`` says in its place; assumptions about what was changed or confirmed are gone."""
    reading = _Reading(form, base.model_dump(mode="json", by_alias=True, exclude_none=True, exclude={"assumptions"}))
    reading.persons()
    reading.classes(base, labels)
    names = reading.conditions(base)
    reading.target()
    reading.rest()
    plain, wrong = reading.plain, reading.wrong
    spec = None
    if not wrong:
        try:
            spec = DeploymentSpec.model_validate(plain)
            spec.requirements_for(tuple(labels))
        except ValidationError as error:
            wrong |= dict(_placed(one, labels, names) for one in error.errors(include_url=False))
        except SpecError as error:
            wrong["classes"] = f"{str(error).capitalize()}."
    if spec is None or wrong:
        return Draft(form, None, wrong)
    return Draft(form, spec.model_copy(update={"assumptions": _still_assumed(base, spec, labels, form)}))


@dataclass(slots=True)
class _Reading:
    """The form being read into ``plain``, the specification as plain values."""

    form: Mapping[str, str]
    plain: dict[str, Any]
    wrong: dict[str, str] = field(default_factory=dict)

    def persons(self) -> None:
        for name in PERSONS:
            self._set(self.plain, name, self._text(name))

    def classes(self, base: DeploymentSpec, labels: Sequence[str]) -> None:
        rules = self.plain.setdefault("classes", {})
        for n, label in enumerate(labels):
            rule, at = dict(rules.get(label, {})), f"classes.{n}"
            rule["critical"] = self._ticked(f"{at}.critical")
            for name in ("min_recall", "min_precision"):
                self._set(rule, name, self._percent(f"{at}.{name}"))
            score = self._number(f"{at}.threshold", "Give a score from 0 to 1, such as 0.35.", most=1.0)
            if score is not None or not isinstance(rule.get("threshold"), dict):  # what it is to keep stays as it is
                self._set(rule, "threshold", score)
            if label in base.classes or rule != {"critical": True}:
                rules[label] = rule

    def conditions(self, base: DeploymentSpec) -> list[str]:
        """The names of the conditions by their number in the form."""
        known = list(base.conditions)
        kept = {}
        for n, name in enumerate(known):
            at = f"conditions.{n}"
            if self._ticked(f"{at}.drop"):
                continue
            kept[name] = {"levels": self._levels(at), "critical": self._ticked(f"{at}.critical")}
            if not kept[name]["levels"]:
                self.wrong[at] = "Name at least one situation, or tick that it is not asked any more."
        new, listed = self._text("conditions.new.name"), self._listed("conditions.new.levels")
        if new and not listed:
            self.wrong["conditions.new.levels"] = "Name its situations, with commas between them."
        elif listed and not new:
            self.wrong["conditions.new.name"] = "Name the condition, such as lighting."
        elif new in kept:
            self.wrong["conditions.new.name"] = "There is a condition of that name already."
        elif new:
            kept[new] = {"levels": dict.fromkeys(listed), "critical": True}
        self.plain["conditions"] = kept
        return known

    def _levels(self, at: str) -> dict[str, float | None]:
        levels: dict[str, float | None] = {}
        numbers = (key.split(".")[3] for key in self.form if key.startswith(f"{at}.levels.") and key.endswith(".name"))
        for m in numbers:
            level, share = self._text(f"{at}.levels.{m}.name"), self._percent(f"{at}.levels.{m}.share")
            if level:
                levels[level] = share
        return levels

    def target(self) -> None:
        target = dict(self.plain.get("deployment_target", {}))
        for name in ("device", "kind"):
            self._set(target, name, self._text(f"deployment_target.{name}"))
        for name in NUMBERS:
            self._set(target, name, self._number(f"deployment_target.{name}"))
        cameras = self._number("deployment_target.cameras")
        self._set(target, "cameras", int(cameras) if cameras is not None and cameras == int(cameras) else cameras)
        asked = {name: value for name, value in target.items() if name != "cameras"}
        self._set(self.plain, "deployment_target", target if asked else None)

    def rest(self) -> None:
        parts: dict[str, dict[str, Any]] = {
            name: dict(self.plain.get(name, {})) for name in ("monitoring", "fallback", "rollout")
        }
        parts["monitoring"]["required"] = self._ticked("monitoring.required")
        for part, names in TEXTS.items():
            for name in names:
                self._set(parts[part], name, self._text(f"{part}.{name}"))
        for part, name in LISTS:
            self._set(parts[part], name, self._listed(f"{part}.{name}") or None)
        self._set(parts["rollout"], "strategy", self._text("rollout.strategy"))
        for part, said in parts.items():
            self._set(self.plain, part, said or None)

    def _set(self, into: dict[str, Any], name: str, value: Any) -> None:
        if value is None:
            into.pop(name, None)
        else:
            into[name] = value

    def _ticked(self, key: str) -> bool:
        return self.form.get(key) == "on"

    def _text(self, key: str) -> str | None:
        text = " ".join(self.form.get(key, "").split())
        if len(text) > MOST_LETTERS:
            self.wrong[key] = f"At most {MOST_LETTERS} letters."
        return text[:MOST_LETTERS] or None

    def _listed(self, key: str) -> list[str]:
        lines = self.form.get(key, "").replace(",", "\n").splitlines()
        return [text for line in lines if (text := " ".join(line.split()))]

    def _number(self, key: str, said: str = "Give a number, such as 80.", most: float = 1e12) -> float | None:
        value = self._read(key, said, float)
        if value is not None and value > most:
            self.wrong[key] = said
        return value

    def _percent(self, key: str) -> float | None:
        value = self._read(key, "Give a percentage from 0 to 100, such as 90.", lambda text: float(text.rstrip("% ")))
        if value is not None and not 0 <= value <= 100:
            self.wrong[key] = "Give a percentage from 0 to 100, such as 90."
        return None if value is None else round(value / 100, 12)

    def _read(self, key: str, said: str, read: Callable[[str], float]) -> float | None:
        text = self.form.get(key, "").strip().replace(",", ".")
        if not text:
            return None
        try:
            value = read(text)
        except ValueError:
            value = float("nan")
        if abs(value) < 1e12:
            return value
        self.wrong[key] = said
        return None


def _placed(error: Any, labels: Sequence[str], names: Sequence[str]) -> tuple[str, str]:
    """The field that an error of the specification belongs to, and what it says."""
    place = [str(part) for part in error["loc"] if not str(part).startswith(("tuple[", "constrained"))]
    said = str(error["msg"]).removeprefix("Value error, ")
    head, _, rest = said.partition(": ")
    if not place and head.startswith("conditions."):
        place, said = ["conditions", head.removeprefix("conditions.")], rest
    for part, known in (("classes", labels), ("conditions", names)):
        if place[:1] == [part] and len(place) > 1 and place[1] in known:
            place[1] = str(list(known).index(place[1]))
    if place == ["deployment_target", "device"]:
        said = "Name the device that this is about."
    key = ".".join(place[:2] if place[:1] == ["conditions"] else place)
    return key or "all", f"{said[:1].upper()}{said[1:].rstrip('.')}."


def _still_assumed(
    base: DeploymentSpec, spec: DeploymentSpec, labels: Sequence[str], form: Mapping[str, str]
) -> dict[str, str]:
    """The assumptions that nobody confirmed and that are about what nobody changed."""
    kept = {}
    for key, because in base.assumptions.items():
        head, _, rest = key.partition(".")
        place = key
        if head == "classes" and rest in labels:
            place = f"classes.{list(labels).index(rest)}"
        if head == "conditions" and rest in base.conditions:
            place = f"conditions.{list(base.conditions).index(rest)}"
        if form.get(f"confirm.{place}") != "on" and _at(base, key) == _at(spec, key):
            kept[key] = because
    return kept


def _at(spec: DeploymentSpec, key: str) -> Any:
    """What stands at the key of an assumption."""
    head, _, rest = key.partition(".")
    value = getattr(spec, head, None)
    return value.get(rest) if isinstance(value, Mapping) else value


def _percent(rate: float | None) -> str:
    return "" if rate is None else f"{100 * rate:.12g}"
