from __future__ import annotations

import pytest

from tests.sdk.roboflow.scripted import answer
from vision_readiness.project import Task
from vision_readiness.roboflow import projects

ROWS = [{"id": "acme/dock/2", "images": "240"}, {"id": "acme/dock/1", "images": 100}, {"id": "broken"}]


@pytest.mark.parametrize(
    "body",
    [
        {"project": {"id": "acme/dock", "versions": 2}, "versions": ROWS},
        {"project": {"id": "acme/dock", "versions": ROWS}},
    ],
)
def test_versions_stand_beside_the_project_or_in_it(body):
    found = projects.project("acme", "dock").value(answer(body))
    assert found.numbers() == (1, 2)
    assert found.versions[0].images == 240


def test_a_count_is_no_list_of_versions():
    found = projects.project("acme", "dock").value(answer({"project": {"id": "acme/dock", "versions": 2}}))
    assert (found.project.version_count, found.versions) == (2, ())


def test_a_project_without_its_id_has_the_one_that_was_asked_for():
    found = projects.project("acme", "dock").value(answer({"project": {"type": "classification"}}))
    assert (found.project.id, found.project.workspace, found.project.slug) == ("acme/dock", "acme", "dock")


@pytest.mark.parametrize(
    ("given", "task"),
    [({"type": "object-detection"}, Task.DETECTION), ({"type": "classification"}, Task.CLASSIFICATION),
     ({"type": "classification", "multilabel": True}, Task.MULTILABEL), ({"type": "keypoint-detection"}, None),
     ({}, None)],
)  # fmt: skip
def test_the_task_is_known_where_it_is_judged(given, task):
    assert projects.project("acme", "dock").value(answer({"project": given})).project.task is task


def test_a_workspace_keeps_the_projects_that_can_be_read():
    body = {"workspace": {"url": "acme", "projects": [{"id": "acme/dock", "versions": 2}, {"name": "?"}, None]}}
    assert [found.id for found in projects.workspace("acme").value(answer(body)).projects] == ["acme/dock"]
