"""Metrics that Roboflow reports, each with its name, and with its unit taken off."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Annotated, Any, TypeAlias

from pydantic import BeforeValidator

from vision_readiness.roboflow.payload import number


@dataclass(frozen=True, slots=True)
class Rate:
    """A metric from 0 to 1, and which one it is; figures of two metrics are never equal.

    >>> str(Rate(0.6287, "mAP@50"))
    'mAP@50 62.9 %'
    """

    value: float
    metric: str

    def __str__(self) -> str:
        return f"{self.metric} {100 * self.value:.1f} %"


def percent(value: object, metric: str) -> Rate | None:
    """The rate of a figure in percent, also in text; ``None`` for what is none, or outside 0 to 100.

    >>> percent("62.87", "mAP@50")
    Rate(value=0.6287, metric='mAP@50')
    """
    return _rate(value, metric, Decimal(100))


def fraction(value: object, metric: str) -> Rate | None:
    """The rate of a figure from 0 to 1, also in text; ``None`` for what is none, or outside.

    >>> fraction("0.547", "mAP@50"), fraction("54.7", "mAP@50")
    (Rate(value=0.547, metric='mAP@50'), None)
    """
    return _rate(value, metric, Decimal(1))


def either(value: object, metric: str) -> Rate | None:
    """The rate of a figure whose page does not fix the unit: percent above 1, a fraction up to 1.

    So are the metrics of trainings: 81 on the page of training results, fractions in Roboflow's own tests.
    """
    read = number(value)
    return percent(value, metric) if read is not None and read > 1 else fraction(value, metric)


def _rate(value: object, metric: str, whole: Decimal) -> Rate | None:
    if isinstance(value, Rate):
        return value if value.metric == metric else None
    read = number(value)
    exact = None if read is None else Decimal(repr(read)) / whole  # 62.87 percent is 0.6287, not 0.6286999...
    return Rate(float(exact), metric) if exact is not None and 0 <= exact <= 1 else None


def _percent_of(metric: str) -> Any:
    return BeforeValidator(lambda value: percent(value, metric))


def _fraction_of(metric: str) -> Any:
    return BeforeValidator(lambda value: fraction(value, metric))


def _either_of(metric: str) -> Any:
    return BeforeValidator(lambda value: either(value, metric))


MAP50, MAP50_95, MAP75, MIOU = "mAP@50", "mAP@50-95", "mAP@75", "mIoU"
PRECISION, RECALL, F1, IOU = "precision", "recall", "F1", "IoU"

PercentMap50: TypeAlias = Annotated[Rate | None, _percent_of(MAP50)]
PercentPrecision: TypeAlias = Annotated[Rate | None, _percent_of(PRECISION)]
PercentRecall: TypeAlias = Annotated[Rate | None, _percent_of(RECALL)]

FractionMap50: TypeAlias = Annotated[Rate | None, _fraction_of(MAP50)]
FractionMap5095: TypeAlias = Annotated[Rate | None, _fraction_of(MAP50_95)]
FractionMap75: TypeAlias = Annotated[Rate | None, _fraction_of(MAP75)]
FractionMiou: TypeAlias = Annotated[Rate | None, _fraction_of(MIOU)]
FractionIou: TypeAlias = Annotated[Rate | None, _fraction_of(IOU)]
FractionPrecision: TypeAlias = Annotated[Rate | None, _fraction_of(PRECISION)]
FractionRecall: TypeAlias = Annotated[Rate | None, _fraction_of(RECALL)]
FractionF1: TypeAlias = Annotated[Rate | None, _fraction_of(F1)]

EitherMap50: TypeAlias = Annotated[Rate | None, _either_of(MAP50)]
EitherMap5095: TypeAlias = Annotated[Rate | None, _either_of(MAP50_95)]
EitherPrecision: TypeAlias = Annotated[Rate | None, _either_of(PRECISION)]
EitherRecall: TypeAlias = Annotated[Rate | None, _either_of(RECALL)]
EitherF1: TypeAlias = Annotated[Rate | None, _either_of(F1)]
