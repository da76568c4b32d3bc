"""``vision-readiness evaluate``: the metrics of a model."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from vision_readiness.advisor import spec_in_force
from vision_readiness.decide.assess import figures_of
from vision_readiness.errors import InputError
from vision_readiness.evaluate.figures import scope_of
from vision_readiness.evaluate.score_distribution import score_distributions
from vision_readiness.evaluate.slice_figures import slice_figures
from vision_readiness.project import Split
from vision_readiness.situations import with_situations
from vision_readiness_adapters.cli import options
from vision_readiness_adapters.cli.console import json_text, write
from vision_readiness_adapters.cli.given import listed, opened, spec_given
from vision_readiness_adapters.cli.options import TableFormat
from vision_readiness_adapters.cli.tables import class_table, figures_table, slice_table


def evaluate(
    source: options.Source,
    model: options.Model = None,
    classes: options.Classes = None,
    model_settings: options.Settings = None,
    predictions: options.Predictions = None,
    spec: Annotated[Path | None, typer.Option(help="The spec whose floors the thresholds are chosen for.")] = None,
    provider: options.Provider = None,
    form: Annotated[TableFormat, typer.Option("--format", help="How to write the figures.")] = TableFormat.TEXT,
    slices: Annotated[
        bool, typer.Option("--slices", help="Every figure of every class in every slice as well; JSON adds the scores.")
    ] = False,
    output: options.Output = None,
) -> None:
    """Measure a model on the leak-free test images: figures of each class with intervals, and where it is weaker."""
    advisor, version = opened(source)
    known = advisor.gather(
        version,
        calls=0,
        model=model,
        predictions=predictions,
        model_options={"classes": listed(classes), "sidecar": model_settings, "providers": provider},
        predictions_options={"classes": listed(classes)},
    )
    asked = spec_in_force(known, spec_given(spec, version.beside.get("spec")))
    report = advisor.decide(known, spec=asked)
    known = with_situations(known, asked)
    if known.model is None:
        raise InputError("there is no model to measure: give --model model.onnx, or --predictions results.json")
    plain = {key: report.to_dict()[key] for key in ("subject", "figures", "errors")}
    texts = [class_table(report), slice_table(report)]
    if slices:
        figures = figures_of(known.model, known, asked)
        scope = scope_of(figures.matches, known.judged(Split.TEST))
        rows = tuple(slice_figures(figures, scope, known.images.conditions))
        plain["slices"] = [asdict(row) for row in rows]
        plain["scores"] = [asdict(one) for one in score_distributions(figures.matches, scope)]
        texts.append(figures_table(rows))
    write(json_text(plain) if form is TableFormat.JSON else "\n\n".join(texts), output)
