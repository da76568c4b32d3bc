"""The command that writes results back to Roboflow; it changes nothing unless it is told to."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path
from typing import Annotated

import typer

from vision_readiness.advisor import decide
from vision_readiness.errors import InputError
from vision_readiness.numbers import count
from vision_readiness.publish import Part, Published, WriteBack, planned, write_back
from vision_readiness.render.words import harmless
from vision_readiness.report import Report, report_from_dict
from vision_readiness_adapters.cli import options
from vision_readiness_adapters.cli.console import json_text, progress, say, write
from vision_readiness_adapters.cli.given import kept, spec_for
from vision_readiness_adapters.cli.options import TableFormat
from vision_readiness_adapters.this_machine import SystemClock

PUBLISH_EXIT_CODES = "Exit codes: 0 all is written, or it was a dry run; 2 something could not be written."


def publish(
    result: Annotated[
        Path,
        typer.Argument(metavar="REPORT", help="What `check --format json -o` wrote, or what --save-evidence kept."),
    ],
    apply: Annotated[bool, typer.Option("--apply", help="Write it. Without this nothing is changed.")] = False,
    only: Annotated[
        str | None,
        typer.Option(
            help="Which parts of event, tags, upload, job. Else event, tags, and what further options ask for.",
            metavar="PART,PART",
            show_default=False,
        ),
    ] = None,
    report_url: Annotated[
        str | None, typer.Option(help="Where people can read the report.", metavar="URL", show_default=False)
    ] = None,
    reviewer: Annotated[
        str | None, typer.Option(help="Who reviews what is labelled; asks for a job.", metavar="EMAIL")
    ] = None,
    labeler: Annotated[
        str | None, typer.Option(help="Who labels; the reviewer by default.", metavar="EMAIL", show_default=False)
    ] = None,
    edge_cases: Annotated[
        Path | None, typer.Option(help="Captured images to upload.", metavar="FOLDER", show_default=False)
    ] = None,
    batch: Annotated[
        str | None,
        typer.Option(
            help="The batch the edge cases go into, and the job is made of. Named after the report by default.",
            metavar="NAME",
            show_default=False,
        ),
    ] = None,
    spec: options.Spec = None,
    form: Annotated[TableFormat, typer.Option("--format", help="How to write the result.")] = TableFormat.TEXT,
    output: options.Output = None,
) -> None:
    """Write a report back to Roboflow: an event, tags on images to fix, captured images, a labelling job.

    It shows what would be written, and writes only with --apply. What is there already is left alone, so it can be
    run again at any time, also after it broke off.
    """
    from vision_readiness_adapters.write_back import captured_images

    report = _report(result, spec)
    asked = [Part.EVENT, Part.TAGS]
    asked += [Part.UPLOAD] if edge_cases else []
    asked += [Part.JOB] if reviewer or labeler else []
    plan = write_back(
        report,
        parts=[name.strip() for name in only.split(",")] if only else asked,
        report_url=report_url,
        labeler=labeler,
        reviewer=reviewer,
        edge_cases=captured_images(edge_cases) if edge_cases else (),
        batch=batch,
    )
    for sentence in plan.left_out:
        say(f"Left out {sentence}")
    came_of_it = _written(plan) if apply else planned(plan)
    text = json_text(came_of_it.to_dict()) if form is TableFormat.JSON else publish_text(plan, came_of_it)
    write(text, output)
    if not apply:
        say("Nothing was written. Add --apply to write it.")
    came_of_it.raise_if_incomplete()


def publish_text(plan: WriteBack, came_of_it: Published) -> str:
    """A line for each step with its counts, then what it is, what it takes and why it could not be done."""
    lines = [f"Report {plan.report_id} to {plan.workspace}/{plan.project}"]
    for result in came_of_it.steps:
        step = result.step
        told = [f"{result.state}: {count(step.count, step.unit)}"]
        if result.done and result.done < step.count:
            told.append(f"{result.done:,} now")
        if result.there and result.there < step.count:
            told.append(f"{result.there:,} already there")
        if result.dry_run:
            told += [f"at most {count(step.calls, 'call')} to write", *([step.cost] if step.cost else [])]
        lines += ["", f"{step.part:<7}{', '.join(told)}", f"       {harmless(step.sentence)}"]
        lines += [f"       {harmless(because)}" for because in result.because]
    return "\n".join([*lines, *([] if came_of_it.steps else ["", "There is nothing to write."])])


def _written(plan: WriteBack) -> Published:
    from vision_readiness_adapters.write_back import open_publisher

    with open_publisher(plan.workspace, progress=progress()) as publisher:
        return publisher.publish(plan)


def _report(path: Path, spec: Path | None) -> Report:
    """The report in a file, or the one that kept evidence gives."""
    if zipfile.is_zipfile(path):
        known = kept(path)
        return decide(known, spec_for(known, spec), as_of=SystemClock().now())
    try:
        return report_from_dict(json.loads(path.read_bytes()))
    except OSError as error:
        raise InputError(f"{path} cannot be read ({error.strerror or error}): check its name") from None
    except (ValueError, AttributeError, RecursionError):
        raise InputError(f"{path} is not a report: give the JSON of `check --format json -o`, or evidence") from None
