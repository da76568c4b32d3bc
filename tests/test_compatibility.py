"""What ``docs/compatibility.md`` promises is what there is: nothing public comes or goes without a line there."""

import re
import tomllib
from collections.abc import Mapping

import pytest
import typer

import vision_readiness
from tests.test_docs import DOCS, GENERATED, ROOT
from vision_readiness.deliveries.events import EventType
from vision_readiness.evidence import evidence
from vision_readiness.reasons import REASONS
from vision_readiness.report import report, report_schema, schema_1
from vision_readiness_adapters import latency_file
from vision_readiness_adapters.cli import CANNOT_RUN, OWN_FAULT, console
from vision_readiness_adapters.cli.commands import app as command_line
from vision_readiness_webhook.__main__ import app as service
from vision_readiness_webhook.api.table import described
from vision_readiness_webhook.problems import PROBLEMS
from vision_readiness_webhook.settings import Settings

PAGE = (DOCS / "compatibility.md").read_text("utf-8")
BLOCK = re.compile(r"^## ([^\n]+)\n(?:(?!^## ).)*?^```text\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def told() -> Mapping[str, Mapping[str, set[str]]]:
    """The lists of the page: by section, the words after each ``word:``, and those before any under ``""``."""
    sections: dict[str, dict[str, set[str]]] = {}
    for title, body in BLOCK.findall(PAGE):
        words, key = sections.setdefault(title, {}), ""
        for word in body.split():
            if word.endswith(":"):
                key = word.removesuffix(":")
                assert key not in words, f"{title} lists {key} twice"
                words[key] = set()
            else:
                words.setdefault(key, set()).add(word)
    return sections


def flags(app: typer.Typer) -> Mapping[str, set[str]]:
    """The long options of every command, by its words."""
    found, waiting = {}, [("", typer.main.get_command(app))]
    while waiting:
        words, command = waiting.pop(0)
        inside = getattr(command, "commands", {})
        waiting += [(f"{words}.{name}".lstrip("."), one) for name, one in inside.items()]
        if not inside:
            options = [one for one in command.params if one.param_type_name == "option"]
            named = {name for one in options for name in (*one.opts, *one.secondary_opts)}
            found[words] = {name for name in named if name.startswith("--")}
    return found


def entry_points() -> Mapping[str, set[str]]:
    groups = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["entry-points"]
    return {group: set(names) for group, names in groups.items()}


def operations() -> Mapping[str, set[str]]:
    found: dict[str, set[str]] = {}
    for one in described():
        found.setdefault(one.method, set()).add(one.path)
    return found


def spec_keys() -> Mapping[str, set[str]]:
    return {
        place or "spec": {field.serialization_alias or name for name, field in model.model_fields.items()}
        for place, model in GENERATED.PLACES.items()
    }


EXISTING = {
    "Names in Python": {"": set(vision_readiness.__all__)},
    "Commands and flags": flags(command_line),
    "Commands of the service": flags(service),
    "Exit codes": {
        "": {
            str(code)
            for code in (
                console.DEPLOYABLE,
                console.NOT_DEPLOYABLE,
                console.EVIDENCE_MISSING,
                CANNOT_RUN,
                OWN_FAULT,
                130,
            )
        }
    },
    "Keys of a specification": spec_keys(),
    "Keys of a report": {"": set(report_schema()["properties"])},
    "Formats": {
        "written": {report.SCHEMA, evidence.FORMAT, latency_file.SCHEMA},
        "read": {report.SCHEMA, schema_1.SCHEMA_1, evidence.FORMAT, evidence.FIRST, latency_file.SCHEMA},
    },
    "Reason codes": {"": set(REASONS)},
    "Operations of the API": operations(),
    "Problem types": {"": set(PROBLEMS)},
    "Events": {"": set(EventType)},
    "Settings of the service": {"": {f"VISION_READINESS_{name.upper()}" for name in Settings.model_fields}},
    "Entry points": entry_points(),
}


@pytest.mark.parametrize("section", EXISTING)
def test_what_is_public_is_what_the_page_lists(section):
    listed, existing = told()[section], EXISTING[section]
    for key in listed.keys() | existing.keys():
        gone = listed.get(key, set()) - existing.get(key, set())
        new = existing.get(key, set()) - listed.get(key, set())
        where = f"docs/compatibility.md, {section} {key}"
        assert key in existing, f"{where}: nothing has this name any more; deprecate before you remove"
        assert key in listed, f"{where}: it is new; list it"
        assert not gone, f"{where}: {sorted(gone)} is not there any more; deprecate before you remove"
        assert not new, f"{where}: {sorted(new)} is new; list it"


def test_the_page_lists_nothing_that_no_test_looks_at():
    assert told().keys() == EXISTING.keys()
