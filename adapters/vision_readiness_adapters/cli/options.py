"""The options that several commands share, each with the help that teaches it."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated, TypeAlias

import typer


class Format(StrEnum):
    """What a report can be written as."""

    TEXT = "text"
    JSON = "json"
    HTML = "html"
    MARKDOWN = "markdown"
    GITHUB = "github"
    JUNIT = "junit"


class TableFormat(StrEnum):
    """What facts can be written as."""

    TEXT = "text"
    JSON = "json"


class ChangeFormat(StrEnum):
    """What a comparison can be written as."""

    TEXT = "text"
    JSON = "json"
    MARKDOWN = "markdown"


class FailOn(StrEnum):
    """From which state on the command fails, best state first; ``never`` always exits 0."""

    WARNING = "warning"
    MONITOR_REQUIRED = "monitor_required"
    RETRAIN_REQUIRED = "retrain_required"
    BLOCKED = "blocked"
    NEVER = "never"


Source: TypeAlias = Annotated[
    str,
    typer.Argument(
        help="A version on Roboflow (workspace/project/3, or the app's URL), or the folder of an export (or its "
        "data.yaml), or an offline workspace with one version."
    ),
]
MaybeSource: TypeAlias = Annotated[
    str | None, typer.Argument(help="A version on Roboflow, or an export's folder; not needed with --evidence.")
]
ModelId: TypeAlias = Annotated[
    str | None,
    typer.Option(help="Which of the version's models on Roboflow, if it has several.", metavar="ID"),
]
Model: TypeAlias = Annotated[
    str | None, typer.Option(help="The artefact to judge, a .onnx file.", show_default=False, metavar="FILE")
]
Classes: TypeAlias = Annotated[
    str | None,
    typer.Option(help="The model's classes in its own order, separated by commas.", show_default=False, metavar="A,B"),
]
Settings: TypeAlias = Annotated[
    Path | None,
    typer.Option(
        help="How the model wants its images (resize, mean, std, imgsz, classes, trained_on), YAML or JSON.",
        show_default=False,
        metavar="FILE",
    ),
]
TrainedOn: TypeAlias = Annotated[
    str | None,
    typer.Option(help="The version the model was trained on.", show_default=False, metavar="WS/PROJECT/3"),
]
Hosted: TypeAlias = Annotated[
    bool,
    typer.Option("--hosted", help="Use Roboflow's hosted model; every call costs credits; says how many first."),
]
Server: TypeAlias = Annotated[
    str | None,
    typer.Option(help="Use an inference server, such as http://localhost:9001.", show_default=False, metavar="URL"),
]
SendKey: TypeAlias = Annotated[
    bool, typer.Option("--send-key", help="Send the Roboflow key to --server; by default none is sent.")
]
Predictions: TypeAlias = Annotated[
    str | None,
    typer.Option(help="Predictions in place of a model: a COCO results JSON.", show_default=False, metavar="FILE"),
]
Provider: TypeAlias = Annotated[
    list[str] | None,
    typer.Option(help="An onnxruntime provider, best first; may be given again.", show_default=False),
]
Threads: TypeAlias = Annotated[
    int | None, typer.Option(min=1, help="Threads within one call; all cores by default.", show_default=False)
]
Device: TypeAlias = Annotated[str, typer.Option(help="The name of this device in the spec.", metavar="NAME")]
Calls: TypeAlias = Annotated[
    int,
    typer.Option(min=0, help="How many calls are timed; p95 can be shown from 59 on, p99 from 299. 0 times nothing."),
]
KeptEvidence: TypeAlias = Annotated[Path, typer.Argument(help="What `check --save-evidence` kept.", metavar="EVIDENCE")]
Spec: TypeAlias = Annotated[
    Path | None, typer.Option(help="What ready means here, in YAML. Assumed if not given.", show_default=False)
]
Output: TypeAlias = Annotated[
    Path | None, typer.Option("--output", "-o", help="Write to a file, not to standard output.", show_default=False)
]
Pattern: TypeAlias = Annotated[
    str | None,
    typer.Option(
        help="Conditions from file names, in place of the spec's: a regular expression with named groups, "
        "like (?P<camera>dock-\\d).",
        show_default=False,
    ),
]
