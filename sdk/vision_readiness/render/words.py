"""Requirements in the words a product manager uses, and text that is safe to show."""

from __future__ import annotations

from vision_readiness.numbers import count, milliseconds, more, percent, range_words, value_words
from vision_readiness.requirement import QUANTILES, Metric, Outcome, Requirement, RequirementResult

OUTCOMES = {Outcome.PASS: "Pass", Outcome.FAIL: "Fail", Outcome.INCONCLUSIVE: "Not proven"}
_LINE_ENDS = (0x09, 0x0A, 0x0B, 0x0C, 0x0D, 0x85, 0x2028, 0x2029)
_BIDI = (0x061C, 0x200E, 0x200F, *range(0x202A, 0x202F), *range(0x2066, 0x206A))
_HARMLESS: dict[int, str | None] = {
    **dict.fromkeys((*range(0x20), *range(0x7F, 0xA0), *_BIDI, 0xFEFF, 0xFFFE, 0xFFFF)),
    **dict.fromkeys(_LINE_ENDS, " "),
    **dict.fromkeys(range(0xD800, 0xE000), "\ufffd"),
}


def harmless(text: str) -> str:
    r"""``text`` on one line without control characters, text-direction overrides and halves of characters.

    >>> harmless("fork\x1b[31mlift\n::error::")
    'fork[31mlift ::error::'
    """
    return text.translate(_HARMLESS)


def short(text: str, most: int) -> str:
    """``text`` harmless and at most ``most`` characters long; a longer one ends after a word, with an ellipsis."""
    clean = harmless(text)
    if len(clean) <= most:
        return clean
    head, blank, _ = clean[:most].rpartition(" ")
    return (head.rstrip(" ,;:") if blank and len(head) > most // 2 else clean[: most - 1]) + "…"


def measured_words(result: RequirementResult) -> str:
    """What was seen, with its sample and interval, such as ``61 of 100 (53–69 %)``."""
    metric, limit = result.requirement.metric, result.requirement.limit
    if result.measured is None:
        return "nothing was measured"
    counted = result.hits is not None and result.trials > 0 and not metric.is_budget and metric != Metric.FALSE_ALARMS
    head = f"{result.hits:,} of {result.trials:,}" if counted else value_words(metric, result.measured, limit)
    if result.lower is not None and result.upper is not None:
        return f"{head} ({range_words(metric, result.lower, result.upper, limit)})"
    bound = result.upper if result.requirement.at_most else result.lower
    if bound is None:
        return head
    return f"{head} (at {'most' if result.requirement.at_most else 'least'} {value_words(metric, bound, limit)})"


def sample_words(result: RequirementResult) -> str:
    """What was looked at, such as ``100 objects in 64 images``."""
    seen = f"{result.trials:,} {result.unit}"
    return seen if result.unit in ("calls", "images") else f"{seen} in {count(result.groups, 'image')}"


def more_words(result: RequirementResult) -> str:
    """What a result still needs, such as ``160 more objects (about 80 images)``."""
    if result.outcome is Outcome.PASS:
        return "nothing"
    if result.outcome is Outcome.FAIL:
        return "better data or a better model"
    if result.more is None:
        return "not known" if result.trials else "any evidence at all"
    images = f" (about {count(result.more_images, 'image')})" if result.more_images is not None else ""
    return f"{more(result.more, result.unit)}{images}"


def limit_words(requirement: Requirement) -> str:
    """The limit alone, such as ``at least 90 %``."""
    return f"{'at most' if requirement.at_most else 'at least'} {value_words(requirement.metric, requirement.limit)}"


def situation_words(requirement: Requirement) -> str:
    """The situation in brackets after a space, such as `` (lighting night)``; empty where there is none."""
    where = ", ".join(f"{condition} {level}" for condition, level in requirement.where)
    return f" ({where})" if where else ""


def requirement_words(requirement: Requirement) -> str:
    """What is required, in a sentence without its full stop.

    >>> requirement_words(Requirement(metric=Metric.RECALL, limit=0.9, label="person", where=(("lighting", "night"),)))
    'Finds at least 90 % of person (lighting night)'
    >>> requirement_words(Requirement(metric=Metric.P95_MS, limit=100, at_most=True))
    '95 % of frames within 100 ms'
    """
    limit, what = limit_words(requirement), requirement.label
    place = situation_words(requirement)
    match requirement.metric:
        case Metric.RECALL:
            return f"Finds {limit} of {what or 'all objects'}{place}"
        case Metric.PRECISION:
            return f"Is right {limit} of the time when it says {what or 'anything'}{place}"
        case Metric.AP | Metric.AP50:
            at = " at IoU 50 %" if requirement.metric is Metric.AP50 else ""
            return f"Average precision{at} of {what or 'all classes'}{place} {limit}"
        case Metric.FALSE_ALARMS:
            return _capital(f"{limit} false alarms{f' of {what}' if what else ''} per 1,000 empty images{place}")
        case Metric.FRAMES_PER_SECOND:
            return f"{_capital(limit)} frames a second"
        case Metric.MEMORY_MB:
            return f"{_capital(limit)} of memory"
        case Metric.COST:
            return f"{_capital(limit)} for 1,000 images"
        case Metric.RECALL_CHANGE | Metric.PRECISION_CHANGE:
            rate = "recall" if requirement.metric is Metric.RECALL_CHANGE else "precision"
            most = value_words(requirement.metric, -requirement.limit).lstrip("+")
            other = requirement.against or "other"
            return f"The {rate} of {what}{place} is less than {most} under that of the {other} model"
        case quantile:
            return f"{percent(QUANTILES[quantile])} of frames within {milliseconds(requirement.limit)}"


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
