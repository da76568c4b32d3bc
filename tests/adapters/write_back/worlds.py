"""A small served project, a report on it that names its images, and what can go wrong while it is written back."""

from __future__ import annotations

import copy
from contextlib import contextmanager
from dataclasses import fields, replace

from tests.adapters.testing.every_call import jpeg
from tests.adapters.testing.hasty import Hasty
from tests.sdk.render.parts import FINDINGS
from tests.sdk.render.reports import blocked, but
from vision_readiness.evaluate.examples import FailureExample, FailureKind
from vision_readiness.publish import Part, write_back
from vision_readiness.roboflow import RoboflowClient
from vision_readiness_adapters.write_back import RoboflowPublisher, captured_images

WS, PROJECT, NUMBER = "acme", "dock-packages", 3
WRITING = (
    "/vision-events",
    "/vision-events/use-cases",
    f"/{WS}/images/metadata",
    f"/dataset/{PROJECT}/upload",
    f"/{WS}/{PROJECT}/jobs",
)


class Died(BaseException):
    """The process is gone: nothing that catches errors may catch it."""


class Dying(Hasty):
    """A transport whose process dies at the call of number ``at``: before it is sent, or when it was answered."""

    def __init__(self, url, at, *, before):
        super().__init__(url)
        self.at, self.before, self.calls = at, before, 0

    def send(self, request):
        self.calls += 1
        if self.calls == self.at and self.before:
            raise Died
        response = super().send(request)
        if self.calls == self.at:
            raise Died
        return response


def report_on(service):
    """A report on the served version whose findings and failures name five of its images."""
    keys = [picture.key.partition(f"/{NUMBER}/")[2] for picture in service.shelf.version(WS, PROJECT, NUMBER).pictures]
    report = blocked()
    failures = (FailureKind.MISSED, FailureKind.FALSE_ALARM, FailureKind.CONFUSED)
    box = (0.0, 0.0, 9.0, 9.0)
    return but(
        report,
        subject=replace(report.subject, workspace=WS, project=PROJECT, version=NUMBER),
        findings=(replace(FINDINGS[0], examples=(f"{keys[0]} ~ {keys[1]}",)),),
        examples=tuple(FailureExample(keys[2 + n], kind, "person", box, "box") for n, kind in enumerate(failures)),
        costly_images=(),
    )


def captured(folder):
    """Three captured images in a folder."""
    folder.mkdir(exist_ok=True)
    for number in range(3):
        (folder / f"dock {number}.jpg").write_bytes(jpeg((60 * number, 20, 20)))
    (folder / "notes.txt").write_text("no image")
    return captured_images(folder)


def plan_of(service, files):
    return write_back(report_on(service), parts=Part, edge_cases=files, reviewer="neha@acme.example")


@contextmanager
def publisher_to(url, folder, transport=None, **options):
    with RoboflowPublisher(RoboflowClient(transport or Hasty(url)), folder, **options) as made:
        yield made


def everything(fake):
    """All that the fake remembers."""
    state = fake.service.state
    return copy.deepcopy({field.name: getattr(state, field.name) for field in fields(state)})


def written(fake):
    """What of it people see: how often something was asked, and by which task it was done, left aside."""
    return {name: value for name, value in everything(fake).items() if name not in ("asked", "tasks", "links")}


def writing_calls(fake):
    return [f"{row.method} {row.path}" for row in fake.requests if row.method == "POST" and row.path in WRITING]
