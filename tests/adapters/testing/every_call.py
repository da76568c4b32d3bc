"""Every call of the typed client, with names that the fake over the bundled projects knows."""

from __future__ import annotations

import base64
import io
from datetime import UTC, datetime
from uuid import UUID

from PIL import Image

from vision_readiness.project import Split
from vision_readiness.roboflow import (
    Host,
    Request,
    annotation,
    evaluation_calls,
    exports,
    health,
    images,
    projects,
    tasks,
    trainings,
    uploads,
    usage,
    versions,
    vision_events,
)

WS, PROJECT, NUMBER = "acme", "dock-packages", 3
NOON = datetime(2026, 1, 1, 12, tzinfo=UTC)


def jpeg(colour=(200, 30, 30), size=(64, 48)):
    held = io.BytesIO()
    Image.new("RGB", size, colour).save(held, "JPEG")
    return held.getvalue()


def event(number=7):
    return vision_events.VisionEvent(id=UUID(int=number), use_case="uc-1", at=NOON, metadata={"state": "ready"})


def inference(path, *, json=None, body=None, query=(), headers=None):
    return Request("POST", path, host=Host.INFERENCE, json=json, body=body, query=query, headers=headers or {})


def every_call(client):
    """Each call by name, made in order; what a later one needs comes from an earlier one."""
    run, place = client.run, (WS, PROJECT, NUMBER)
    made = {}

    def make(name, call):
        made[name] = run(call)
        return made[name]

    make("key_owner", projects.key_owner())
    make("workspace", projects.workspace(WS))
    make("project", projects.project(WS, PROJECT))
    make("version", versions.version(*place))
    make("export", exports.export(*place, "coco"))
    training_id = make("trainings", trainings.trainings(*place))[0].training_id
    model_id = make("training", trainings.training(*place, training_id)).models[0].model_id
    make("training_results", trainings.training_results(*place))
    make("recipe", trainings.recipe(*place, "rfdetr-medium"))
    make("models", trainings.models(WS, PROJECT))
    make("model", trainings.model(WS, model_id.partition("/")[2]))
    evaluation_id = make("evaluations", evaluation_calls.evaluations(WS, project=PROJECT))[0].evaluation_id
    make("evaluation", evaluation_calls.evaluation(WS, evaluation_id))
    make("map_results", evaluation_calls.map_results(WS, evaluation_id))
    make("confidence_sweep", evaluation_calls.confidence_sweep(WS, evaluation_id))
    make("performance_by_class", evaluation_calls.performance_by_class(WS, evaluation_id, split=Split.TEST))
    make("confusion_matrix", evaluation_calls.confusion_matrix(WS, evaluation_id, split="all", confidence=0.4))
    make("vector_analysis", evaluation_calls.vector_analysis(WS, evaluation_id))
    make("image_predictions", evaluation_calls.image_predictions(WS, evaluation_id, split="all"))
    make("recommendations", evaluation_calls.recommendations(WS, evaluation_id))
    make("health", health.health(WS, PROJECT))
    image_id = make("search", images.search(WS, PROJECT, limit=3)).results[0].id
    make("search_workspace", images.search_workspace(WS, "class:person split:test"))
    make("image", images.image(WS, PROJECT, image_id))
    make("tag", images.tag(WS, PROJECT, image_id, ["fix"]))
    update = images.ImageUpdate(image_id=image_id, add_tags=("seen",), metadata={"queue": 1})
    make("update_image", images.update_image(WS, update))
    task_id = make("update_images", images.update_images(WS, [update])).task_id
    make("task", tasks.task(WS, task_id))
    sent = make("upload", uploads.upload(PROJECT, "a.jpg", jpeg(), batch="captured", tags=["night"])).image_id
    make("annotate", uploads.annotate(PROJECT, sent, "a.xml", "<annotation/>"))
    batch_id = make("batches", annotation.batches(WS, PROJECT))[0].id
    make("batch", annotation.batch(WS, PROJECT, batch_id))
    people = {"labeler": "a@b.c", "reviewer": "d@e.f"}
    job_id = make("create_job", annotation.create_job(WS, PROJECT, name="n", batch_id=batch_id, images=3, **people)).id
    make("jobs", annotation.jobs(WS, PROJECT))
    make("job", annotation.job(WS, PROJECT, job_id))
    make("write_event", vision_events.write_event(event()))
    make("write_events", vision_events.write_events([event(8), event(9)]))
    make("events", vision_events.events("uc-1"))
    make("create_use_case", vision_events.create_use_case("readiness"))
    make("use_cases", vision_events.use_cases())
    make("usage_check", usage.usage_check())
    make("labelling_stats", usage.labelling_stats(WS))
    make("plan", usage.plan())
    return made


def other_requests(model="dock-packages-3-onnx-t1"):
    """Requests that the typed client has no call for, by name."""
    encoded = base64.b64encode(jpeg())
    form = {"Content-Type": "application/x-www-form-urlencoded"}
    image = {"type": "base64", "value": encoded.decode()}
    served = {"model_id": f"{PROJECT}/{NUMBER}", "image": image}
    kinds = ("object_detection", "instance_segmentation", "classification")
    return {
        "about": Request("GET", "/_about"),
        "welcome by POST": Request("POST", "/"),
        "info": Request("GET", "/info", host=Host.INFERENCE),
        "registry": Request("GET", "/model/registry", host=Host.INFERENCE),
        "load": inference("/model/add", json={"model_id": f"{PROJECT}/{NUMBER}"}),
        "by version": inference(f"/{PROJECT}/{NUMBER}", body=encoded, headers=form),
        "by model": inference(f"/{WS}/{model}", body=encoded, headers=form),
        **{kind: inference(f"/infer/{kind}", json=served) for kind in kinds},
    }
