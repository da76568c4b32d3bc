"""What was given on the command line, opened: a source, a spec, kept evidence."""

from __future__ import annotations

from pathlib import Path
from typing import Any, TypeVar

from click import get_current_context

from vision_readiness.advisor import Advisor, spec_in_force, written_spec
from vision_readiness.errors import EvidenceError, InputError
from vision_readiness.evidence import Evidence
from vision_readiness.predict.interface import Model
from vision_readiness.project import ProjectVersion
from vision_readiness.spec import DeploymentSpec, DeploymentTarget
from vision_readiness_adapters.cli.console import progress, say
from vision_readiness_adapters.remote_openers import open_hosted, open_server
from vision_readiness_adapters.roboflow_settings import read_settings
from vision_readiness_adapters.spec_file import open_spec

T = TypeVar("T")


def opened(source: str) -> tuple[Advisor, ProjectVersion]:
    """An advisor on a source and the version in it, announced."""
    advisor = Advisor.connect(source, progress=progress())
    close_in_the_end(advisor.source)
    version = advisor.source.version()
    say(f"{source} is read as {version.id}.")
    for sentence in version.announcements:
        say(sentence)
    return advisor, version


def close_in_the_end(opened: T) -> T:
    """``opened``, closed when the command ends if it holds connections."""
    close = getattr(opened, "close", None)
    if close is not None:
        get_current_context().call_on_close(close)
    return opened


def spec_given(given: Path | None, beside: str | None = None) -> DeploymentSpec | None:
    """The specification that was given, else the one beside the data, if any."""
    if given is None and beside is not None:
        say(f"The spec beside the data is used: {beside}.")
    return written_spec(str(given) if given else None, beside=beside, last=None, opener=open_spec)


def spec_for(evidence: Evidence, given: Path | None) -> DeploymentSpec:
    """The specification that was given, else the one assumed from the evidence, which is said."""
    asked = spec_given(given)
    if asked is None:
        say("No --spec was given, so one is assumed from the evidence.")
    return spec_in_force(evidence, asked)


def aimed(spec: DeploymentSpec, target: str | None) -> DeploymentSpec:
    """``spec`` with another device, where one is asked for."""
    if target is None:
        return spec
    now = spec.deployment_target or DeploymentTarget(device=target)
    return spec.model_copy(update={"deployment_target": now.model_copy(update={"device": target})})


def runtime(providers: list[str] | None, threads: int | None, device: str) -> dict[str, Any]:
    """The options of a model that say how it is run."""
    return {"providers": providers or None, "threads": threads, "device": device}


def answering(
    version: ProjectVersion,
    *,
    hosted: bool,
    server: str | None,
    model_id: str | None,
    send_key: bool = False,
    device: str = "this-machine",
    calls: int = 0,
    train_images: int = 0,
) -> Model | None:
    """The model that answers elsewhere, where one was asked for; hosted calls are counted aloud before any is made."""
    if hosted and server:
        raise InputError("give --hosted or --server, not both: the report is about one model")
    if hosted:
        from vision_readiness.roboflow.inference import hosted_calls

        say(f"--hosted makes about {hosted_calls(version.dataset, calls) + train_images:,} calls; each costs credits.")
        return close_in_the_end(open_hosted(model_id, version=version))
    if server:
        key = read_settings(version.id.workspace).key if send_key else None
        if send_key and key is None:
            raise InputError("--send-key needs a key: set ROBOFLOW_API_KEY, or run `roboflow login`")
        revealed = None if key is None else key.reveal()
        asked = open_server(server, version=version, model_id=model_id, device=device, api_key=revealed)
        return close_in_the_end(asked)
    return None


def listed(classes: str | None) -> list[str] | None:
    """Names from between commas."""
    return None if classes is None else [name.strip() for name in classes.split(",")]


def kept(path: Path) -> Evidence:
    """The evidence in a file; raises ``EvidenceError`` where there is none."""
    try:
        return Evidence.from_bytes(path.read_bytes())
    except OSError as error:
        raise EvidenceError(f"{path} cannot be read ({error.strerror or error}): check its name") from None


def keep(known: Evidence, path: Path) -> None:
    """Write the evidence to a file, and say where."""
    try:
        path.write_bytes(known.to_bytes())
    except OSError as error:
        raise InputError(f"{path} cannot be written ({error.strerror or error}): give another place") from None
    say(f"Kept the evidence in {path}.")
