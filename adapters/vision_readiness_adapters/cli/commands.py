"""The commands. Each opens its parts, lets the sdk do the work, and writes what came out."""

from __future__ import annotations

from dataclasses import replace
from importlib.metadata import version as installed_version
from pathlib import Path
from typing import Annotated

import typer

from vision_readiness.advisor import Advisor, decide, spec_in_force
from vision_readiness.errors import InputError
from vision_readiness.numbers import count
from vision_readiness.readiness import Stage
from vision_readiness.reasons import REASONS
from vision_readiness.reasons import explain as reason_of
from vision_readiness.spec import write_spec
from vision_readiness_adapters.cli import options
from vision_readiness_adapters.cli.console import exit_code, json_text, progress, say, write, write_report
from vision_readiness_adapters.cli.decide_again import compare, model_card, thresholds, what_if
from vision_readiness_adapters.cli.evaluate import evaluate
from vision_readiness_adapters.cli.given import aimed, answering, keep, kept, listed, opened, runtime, spec_given
from vision_readiness_adapters.cli.options import FailOn, Format, TableFormat
from vision_readiness_adapters.cli.publish import PUBLISH_EXIT_CODES, publish
from vision_readiness_adapters.cli.tables import benchmark_table, reason_text, scan_table
from vision_readiness_adapters.cli.watch import watch
from vision_readiness_adapters.spec_file import open_waivers
from vision_readiness_adapters.this_machine import SystemClock

app = typer.Typer(
    name="vision-readiness",
    help="Is this vision model ready to ship to these cameras, on this device - and if not, what is next?",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)

EXIT_CODES = "Exit codes: 0 deployable, 1 not deployable, 2 could not run, 3 only evidence is missing, 4 our own fault."


def _version(asked: bool) -> None:
    if asked:
        typer.echo(installed_version("vision-readiness"))
        raise typer.Exit


@app.callback()
def _common(
    show_version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Show the version.")
    ] = False,
    debug: Annotated[bool, typer.Option("--debug", help="Show the traceback of a fault of our own.")] = False,
) -> None:
    pass


@app.command(epilog=EXIT_CODES)
def check(
    source: options.MaybeSource = None,
    model: options.Model = None,
    classes: options.Classes = None,
    model_settings: options.Settings = None,
    trained_on: options.TrainedOn = None,
    predictions: options.Predictions = None,
    hosted: options.Hosted = False,
    server: options.Server = None,
    send_key: options.SendKey = False,
    model_id: options.ModelId = None,
    parent: Annotated[
        str | None, typer.Option(help="The artefact this one was made from, to compare with.", metavar="FILE")
    ] = None,
    spec: Annotated[Path | None, typer.Option(help="What ready means here, in YAML. Assumed if not given.")] = None,
    waivers: Annotated[Path | None, typer.Option(help="Accepted risks, in YAML.")] = None,
    target: Annotated[str | None, typer.Option(help="The device to deploy to, in place of the spec's.")] = None,
    device: options.Device = "this-machine",
    latency: Annotated[
        str | None, typer.Option(help="Latency measured elsewhere by `benchmark -o`.", metavar="FILE")
    ] = None,
    calls: options.Calls = 300,
    provider: options.Provider = None,
    threads: options.Threads = None,
    stress: Annotated[
        int,
        typer.Option(min=0, help="Shift so many test images (darker, blurred, …) to see where requirements break."),
    ] = 0,
    train_images: Annotated[
        int,
        typer.Option(min=0, help="Predict so many training images too: are they memorised? 200 is enough."),
    ] = 0,
    file_name_pattern: options.Pattern = None,
    save_evidence: Annotated[Path | None, typer.Option(help="Keep the evidence, to decide again later.")] = None,
    evidence: Annotated[Path | None, typer.Option(help="Decide again from kept evidence; no image is opened.")] = None,
    no_images: Annotated[bool, typer.Option("--no-images", help="Keep pictures out of the page.")] = False,
    form: Annotated[Format, typer.Option("--format", help="How to write the report.")] = Format.TEXT,
    output: options.Output = None,
    fail_on: Annotated[FailOn, typer.Option(help="The mildest state that fails.")] = FailOn.RETRAIN_REQUIRED,
) -> None:
    """Say whether a version is ready: its data, its model, and the device it is for."""
    advisor, version = opened(source) if source is not None else (None, None)
    beside = version.beside.get("spec") if version else None
    asked = spec_given(spec, beside)
    if evidence is not None:
        known = kept(evidence)
    elif advisor is not None and version is not None:
        given = {"classes": listed(classes), "trained_on": trained_on}
        elsewhere = answering(
            version,
            hosted=hosted,
            server=server,
            model_id=model_id,
            send_key=send_key,
            device=device,
            calls=calls,
            train_images=train_images,
        )
        if not (model or elsewhere or predictions) and "model" in version.beside:
            say(f"The model beside the data is used: {version.beside['model']}.")
        known = advisor.gather(
            version,
            model=model or elsewhere,
            predictions=predictions,
            parent=parent,
            latency=latency,
            calls=calls,
            model_options={**given, "sidecar": model_settings, **runtime(provider, threads, device)},
            predictions_options=given,
            model_id=model_id,
            stress_images=stress,
            train_images=train_images,
        )
    else:
        raise InputError("give the folder of an export to check, or --evidence with what an earlier check kept")
    if save_evidence is not None:
        keep(known, save_evidence)
    report = decide(
        known,
        aimed(spec_in_force(known, asked, file_name_pattern=file_name_pattern), target),
        as_of=SystemClock().now(),
        waivers=open_waivers(waivers) if waivers else (),
    )
    write_report(report, form, output, None if no_images or advisor is None else advisor.source.images)
    raise typer.Exit(exit_code(report, fail_on))


@app.command()
def scan(
    source: options.Source,
    file_name_pattern: options.Pattern = None,
    form: Annotated[TableFormat, typer.Option("--format", help="How to write the facts.")] = TableFormat.TEXT,
    output: options.Output = None,
) -> None:
    """Look at a data set alone: counts, defects, duplicates, leaks and what they mean. Exits 1 when one blocks."""
    advisor, version = opened(source)
    bare = replace(version, beside={}, reported=None)
    known = advisor.gather(bare, calls=0)
    asked = spec_given(None, version.beside.get("spec"))
    report = advisor.decide(known, spec=asked, file_name_pattern=file_name_pattern)
    found = [one for one in report.findings if REASONS[one.code].stage is Stage.DATASET]
    part = replace(report, findings=tuple(found))
    plain = {key: part.to_dict()[key] for key in ("subject", "data", "findings")}
    write(json_text(plain) if form is TableFormat.JSON else scan_table(part), output)
    raise typer.Exit(1 if any(one.severity == "P0" for one in found) else 0)


app.command()(evaluate)


@app.command()
def benchmark(
    source: options.Source,
    model: options.Model = None,
    model_settings: options.Settings = None,
    hosted: options.Hosted = False,
    server: options.Server = None,
    model_id: options.ModelId = None,
    device: options.Device = "this-machine",
    calls: options.Calls = 1000,
    provider: options.Provider = None,
    threads: options.Threads = None,
    budget_ms: Annotated[
        float | None, typer.Option(min=0, help="The p95 it has to keep to.", show_default=False)
    ] = None,
    output: Annotated[
        Path | None, typer.Option("--output", "-o", help="Save the times for `check --latency`.", show_default=False)
    ] = None,
) -> None:
    """Time a model on this machine on pictures of SOURCE, one call after the other, with bounds on each percentile."""
    from vision_readiness_adapters.latency_file import save_latency
    from vision_readiness_adapters.onnx_model import open_onnx

    advisor, version = opened(source)
    asked = answering(version, hosted=hosted, server=server, model_id=model_id, device=device, calls=calls)
    path = model or version.beside.get("model")
    if asked is None:
        if path is None:
            raise InputError("there is no model to time: give --model model.onnx, --server URL or --hosted")
        asked = open_onnx(path, version=version, sidecar=model_settings, **runtime(provider, threads, device))
    facts = advisor.parts.time(asked, version.dataset, calls)
    if facts is None:
        raise InputError(f"no picture of {source} can be read, so there is nothing to time the model on")
    typer.echo(benchmark_table(facts, budget_ms))
    if output is not None:
        save_latency(facts, output)
        say(f"Wrote {output}. Use it with: vision-readiness check … --latency {output}")


app.command()(compare)
app.command("what-if")(what_if)
app.command()(thresholds)
app.command("model-card")(model_card)
app.command()(watch)
app.command(epilog=PUBLISH_EXIT_CODES)(publish)


@app.command()
def explain(code: Annotated[str, typer.Argument(help="A code or its name, such as SPLIT302.")]) -> None:
    """Say what a reason code means and how to mend it."""
    typer.echo(reason_text(reason_of(code)))


@app.command()
def formats() -> None:
    """List the layouts of data sets that are read, with what shows them and the tools that write them."""
    from vision_readiness_adapters.export_folder import FORMATS

    for one in FORMATS:
        typer.echo(f"{one.name}\n  {one.tells}\n  written by {one.written_by}")


@app.command()
def spec(
    source: options.Source,
    model: options.Model = None,
    output: options.Output = None,
) -> None:
    """Write the spec that would be assumed for SOURCE, each line with its reason, to be corrected and signed."""
    advisor, version = opened(source)
    known = advisor.gather(replace(version, reported=None), model=model, calls=0)
    write(write_spec(spec_in_force(known)), output)


@app.command()
def cache(clear: Annotated[bool, typer.Option("--clear", help="Forget everything.")] = False) -> None:
    """Show or clear the cache: measurements of images and downloaded exports."""
    from vision_readiness_adapters.disk_cache import DiskCache
    from vision_readiness_adapters.export_download import clear_exports, kept_exports

    disk = DiskCache()
    if clear:
        disk.clear()
        clear_exports()
    usage = disk.usage()
    typer.echo(f"{disk.folder}: {usage.entries:,} entries, {usage.bytes / 2**20:,.1f} MB")
    exports, size = kept_exports()
    if exports:
        typer.echo(f"{count(exports, 'export')} from Roboflow, {size / 2**20:,.1f} MB")


@app.command()
def demo(
    output: Annotated[Path, typer.Option("--output", "-o", help="Where to write the page.")] = Path("readiness.html"),
) -> None:
    """Judge two bundled projects, one that is ready and one that is not, and write the page of the second."""
    from vision_readiness_adapters.bundled_projects import BLOCKED, READY, bundled_workspace

    for name in (READY, BLOCKED):
        folder = str(bundled_workspace() / name)
        advisor = Advisor.connect(folder, progress=progress())
        report = advisor.readiness()
        typer.echo(f"{report}\n")
        if name == BLOCKED:
            write_report(report, Format.HTML, output, advisor.source.images)
            say(f"Open {output.absolute()} in a browser.")
