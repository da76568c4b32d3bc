"""What findings say: the template that stands beside the check, filled with the numbers that it found."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from string import Formatter
from typing import TYPE_CHECKING, Any

from vision_readiness.numbers import count, percent, percent_range, points, points_range
from vision_readiness.reasons import REASONS
from vision_readiness.reasons.thresholds import KEPT, REFUSALS, numbers_of

if TYPE_CHECKING:
    from vision_readiness.evaluate.constraint import ThresholdChoice
    from vision_readiness.reasons.reason import Finding

NAMED = 4
"""How many classes a sentence names before it only counts them."""


def sentence_of(finding: Finding) -> str:
    """What ``finding`` says, in one sentence."""
    return SENTENCE.vformat(REASONS[finding.code].sentences[finding.form], (), values_of(finding))


def worded(finding: Finding) -> Finding:
    """``finding`` with its sentence."""
    return replace(finding, sentence=sentence_of(finding))


def choice_sentence(choice: ThresholdChoice) -> str:
    """Why a threshold was chosen to keep a rate, or none was."""
    template = REFUSALS.get(choice.result.cause, KEPT)
    return SENTENCE.vformat(template, (), {**numbers_of(choice), "limit": choice.at_least})


def values_of(finding: Finding) -> Mapping[str, Any]:
    """Everything that its sentence can name."""
    own = {key: getattr(finding, key) for key in ("subject", "measured", "limit", "of", "examples")}
    return {**own, **finding.numbers}


class _Sentence(Formatter):
    """Formats that are words: the kind, and what it has to know besides.

    >>> SENTENCE.format("{n:count box|boxes}, {rate:percent {limit}} of {names:names}", n=2, rate=0.949, limit=0.95,
    ...                 names=tuple("abcdef"))
    '2 boxes, 94.9 % of `a`, `b`, `c`, `d` and 2 more'
    """

    def format_field(self, value: Any, format_spec: str) -> str:
        kind, _, rest = format_spec.partition(" ")
        return KINDS[kind](value, rest) if kind in KINDS else super().format_field(value, format_spec)


SENTENCE = _Sentence()


def _hits(value: tuple[float, ...], _: str) -> str:
    hits, trials, lower, upper = value
    return f"{int(hits):,} of {int(trials):,} ({percent_range(lower, upper)})"


def _change(value: tuple[float, ...], _: str) -> str:
    change, lower, upper = value
    return f"{points(change)} ({points_range(lower, upper)})"


def _names(labels: tuple[str, ...], _: str) -> str:
    more = f" and {len(labels) - NAMED:,} more" if len(labels) > NAMED else ""
    return ", ".join(f"`{label}`" for label in labels[:NAMED]) + more


KINDS: dict[str, Callable[[Any, str], str]] = {
    "count": lambda n, nouns: count(int(n), *nouns.split("|")),
    "percent": lambda rate, beside: percent(rate, float(beside) if beside else None),
    "hits": _hits,
    "change": _change,
    "names": _names,
    "list": lambda values, separator: (separator or ", ").join(values),
    "first": lambda values, _: values[0],
    "capital": lambda text, _: text[:1].upper() + text[1:],
}
"""How a value is said: ``{n:count box|boxes}``, ``{rate:percent {limit}}``, ``{labels:names}``."""
