"""What opens the models that answer elsewhere, by name; the network is imported when one is opened."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from vision_readiness.errors import InputError

if TYPE_CHECKING:
    from vision_readiness.project import ProjectVersion
    from vision_readiness_adapters.hosted_inference import HostedModel
    from vision_readiness_adapters.inference_package import PackageModel
    from vision_readiness_adapters.inference_server import ServerModel


def open_hosted(model_id: str | None = None, *, version: ProjectVersion | None = None, **options: Any) -> HostedModel:
    """The model ``model_id``, or that of ``version``, at Roboflow's hosted endpoint; ``options`` are ``HostedModel``'s.

    Opening calls nothing; every picture costs credits: say ``hosted_calls`` first.
    """
    from vision_readiness_adapters.hosted_inference import HostedModel

    return HostedModel(_id(model_id, version), version=version, **options)


def open_server(
    url: str, *, version: ProjectVersion | None = None, model_id: str | None = None, **options: Any
) -> ServerModel:
    """The model ``model_id``, or that of ``version``, on the server at ``url``; ``options`` are ``ServerModel``'s."""
    from vision_readiness_adapters.inference_server import ServerModel

    return ServerModel(url, _id(model_id, version), version=version, **options)


def open_package(model_id: str | None = None, *, version: ProjectVersion | None = None, **options: Any) -> PackageModel:
    """The model ``model_id``, or that of ``version``, in this process; ``options`` are ``PackageModel``'s."""
    from vision_readiness_adapters.inference_package import PackageModel

    return PackageModel(_id(model_id, version), version=version, **options)


def _id(model_id: str | None, version: ProjectVersion | None) -> str:
    from vision_readiness.roboflow.inference import model_id_of

    if version is None:
        if model_id:
            return model_id
        raise InputError("nobody said which model: give its id, project/3 or workspace/model")
    alias = model_id_of(version.id) if version.id.number is not None or not model_id else None
    if model_id not in (None, "", alias):
        return str(model_id)
    models = version.models() if version.models is not None else ()
    if len(models) > 1:  # the alias serves the oldest run: roboflow 1.7.3, core/version.py (read 2026-11)
        raise InputError(
            f"{version.id} has {len(models)} models, and {alias} is the oldest run: say which one with"
            f" --model-id, or model_id=…: {', '.join(models[:10])}{' …' if len(models) > 10 else ''}"
        )
    return alias or str(model_id)
