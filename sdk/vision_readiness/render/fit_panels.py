"""What a model does on images it was trained on beside others, in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from vision_readiness.numbers import count, percent, points, points_range

if TYPE_CHECKING:
    from vision_readiness.evidence.split_fit import SplitFit
    from vision_readiness.report import Report

HEAD = ("Class", "Figure", "Train", "Valid", "Test", "Train minus test", "Gap")
FIGURES = {"recall": "found", "precision": "right when it answers"}


def fit_rows(report: Report) -> tuple[tuple[str, ...], ...]:
    """A row of cells under ``HEAD`` for each class and figure; empty where no training image was asked about."""
    return tuple(
        (
            fit.label,
            FIGURES[fit.metric],
            _rate(fit.train, fit.train_n),
            _rate(fit.valid, fit.valid_n),
            _rate(fit.test, fit.test_n),
            _gap(fit),
            "wide" if fit.is_wide else "narrow" if fit.is_narrow else "not proven",
        )
        for fit in report.figures.split_fits
    )


def fit_words(report: Report) -> str | None:
    """How many figures are surely lower on test than on train, and the widest gap; ``None`` where none was looked at.

    Such as ``1 of 4 figures is surely over 10 points lower on test than on train; widest: ...``.
    """
    fits = report.figures.split_fits
    if not fits:
        return None
    wide = sum(fit.is_wide for fit in fits)
    said = f"{wide} of {count(len(fits), 'figure')} {'is' if wide == 1 else 'are'} surely over "
    said += f"{100 * fits[0].limit:g} points lower on test than on train"
    widest = max(fits, key=lambda fit: (fit.is_wide, -1.0 if fit.gap is None else fit.gap))
    if widest.gap is None or widest.train is None or widest.test is None:
        return f"{said}."
    of = f"{widest.metric} of {widest.label}"
    return f"{said}; widest: {of}, {percent(widest.train)} on train and {percent(widest.test)} on test."


def _rate(rate: float | None, n: int) -> str:
    return "–" if rate is None else f"{percent(rate)} of {n:,}"


def _gap(fit: SplitFit) -> str:
    if fit.gap is None:
        return "not known"
    known = fit.lower is not None and fit.upper is not None
    interval = f" ({points_range(fit.lower or 0.0, fit.upper or 0.0)})" if known else ""
    return f"{points(fit.gap)}{interval}"
