"""The latency of a report, beside its budget."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from vision_readiness.benchmark.percentiles import percentile_bounds
from vision_readiness.report.tables import (
    Interval,
    LatencyFigures,
)
from vision_readiness.requirement import QUANTILES, Metric

if TYPE_CHECKING:
    from vision_readiness.benchmark.facts import LatencyFacts
    from vision_readiness.spec import DeploymentSpec

BINS = 24


def latency_figures(latency: LatencyFacts | None, spec: DeploymentSpec) -> LatencyFigures | None:
    """The percentiles with their bounds, beside the budget of ``spec``; ``None`` where nothing was timed."""
    if latency is None or not len(latency.seconds):
        return None
    target = spec.deployment_target
    ms = latency.seconds * 1000
    counts, edges = np.histogram(ms, bins=BINS, range=(0.0, float(np.quantile(ms, 0.99)) * 1.25))
    spans = {metric: _percentile(latency, quantile) for metric, quantile in QUANTILES.items()}
    limits = {str(metric): getattr(target, metric) for metric in QUANTILES if target and getattr(target, metric)}
    memory = latency.peak_memory_bytes
    return LatencyFigures(
        device=latency.device,
        target_device=target.device if target else None,
        measured=latency.estimated_error is None,
        calls=len(ms),
        failures=latency.failures,
        p50_ms=spans[Metric.P50_MS],
        p95_ms=spans[Metric.P95_MS],
        p99_ms=spans[Metric.P99_MS],
        cold_ms=None if latency.cold_seconds is None else latency.cold_seconds * 1000,
        frames_per_second=float(1000 / ms.mean()),
        memory_mb=None if memory is None else memory / 2**20,
        stages_p50_ms={name: float(np.median(column)) * 1000 for name, column in latency.stages.items()},
        histogram_ms=tuple((float(edge), int(n)) for edge, n in zip(edges[:-1], counts, strict=True)),
        limits_ms=limits,
        device_facts=latency.device_facts,
    )


def _percentile(latency: LatencyFacts, quantile: float) -> Interval:
    bounds = percentile_bounds(latency.seconds, quantile)
    value, lower, upper = (None if one is None else one * 1000 for one in (bounds.value, bounds.lower, bounds.upper))
    return Interval(value, lower, upper, bounds.n)
