from __future__ import annotations

from importlib.metadata import EntryPoint
from types import SimpleNamespace

import pytest

from vision_readiness import Advisor, InputError, sources
from vision_readiness.testing import SilentProgress


def installed(monkeypatch, *claims):
    """Only these are installed: pairs of a distribution and the name that it claims, in every group."""
    entries = [EntryPoint(name, "vision_readiness.sources:open_source", "any") for _, name in claims]
    for entry, (distribution, _) in zip(entries, claims, strict=True):
        vars(entry).update(dist=SimpleNamespace(name=distribution))
    monkeypatch.setattr(sources, "entry_points", lambda group: entries if group else [])


def test_a_name_that_two_distributions_claim_is_an_error_that_names_both(monkeypatch):
    installed(monkeypatch, ("vision-readiness", "folder"), ("labels-from-elsewhere", "folder"))
    with pytest.raises(InputError, match="labels-from-elsewhere and vision-readiness both install 'folder'"):
        sources.open_source("anywhere", SilentProgress())


def test_names_of_two_distributions_stand_beside_each_other(monkeypatch):
    installed(monkeypatch, ("vision-readiness", "folder"), ("labels-from-elsewhere", "bucket"))
    assert list(sources.installed(sources.SOURCES)) == ["folder", "bucket"]


def test_without_adapters_connecting_says_what_to_install(monkeypatch):
    installed(monkeypatch)
    with pytest.raises(InputError, match="install vision-readiness again"):
        Advisor.connect("anywhere")
