import importlib.util
import re
import shlex
import shutil
from pathlib import Path

import pytest
import typer

from tests.command_line import run
from vision_readiness import Metric, read_spec, read_waivers
from vision_readiness.reasons import REASONS
from vision_readiness_adapters.bundled_projects import READY, bundled_workspace
from vision_readiness_adapters.cli.commands import app
from vision_readiness_adapters.testing import serve

ROOT = Path(__file__).parents[1]
DOCS = ROOT / "docs"
PAGES = (ROOT / "README.md", ROOT / "CHANGELOG.md", *sorted(DOCS.glob("*.md")))
FENCE = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
NETWORK = ("pip ", "git ")


def generator():
    spec = importlib.util.spec_from_file_location("generate", DOCS / "generate.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


GENERATED = generator()


def blocks(page, language):
    return [body for kind, body in FENCE.findall(page.read_text("utf-8")) if kind == language]


def commands(page):
    """The lines after a ``$`` in the console blocks of a page, without their comments."""
    typed = [line[2:] for body in blocks(page, "console") for line in body.splitlines() if line.startswith("$ ")]
    return [shlex.split(line, comments=True) for line in typed if not line.startswith(NETWORK)]


@pytest.fixture(scope="module")
def folder_of_mine(tmp_path_factory):
    """What README talks about: an export, a model and a spec of one's own."""
    folder, project = tmp_path_factory.mktemp("mine"), bundled_workspace() / READY
    shutil.copytree(project, folder / "my-export", ignore=shutil.ignore_patterns("spec.yaml", "model.onnx", "*.json"))
    for part in ("train", "valid", "test"):
        shutil.copy(project / part / "_annotations.coco.json", folder / "my-export" / part)
    shutil.copy(project / "model.onnx", folder / "my-model.onnx")
    shutil.copy(project / "spec.yaml", folder / "spec.yaml")
    return folder


@pytest.fixture(scope="module")
def roboflow():
    """A stand-in for Roboflow that holds the bundled projects."""
    with serve(bundled_workspace(), key="a-key") as serving:
        yield serving.url


@pytest.fixture
def _among_my_files(folder_of_mine, roboflow, monkeypatch):
    monkeypatch.chdir(folder_of_mine)
    for name in ("ROBOFLOW_API_URL", "SERVERLESS_URL"):
        monkeypatch.setenv(name, roboflow)
    monkeypatch.setenv("ROBOFLOW_API_KEY", "a-key")
    monkeypatch.setenv("VISION_READINESS_CACHE", str(folder_of_mine / "cache"))


@pytest.mark.parametrize("path", GENERATED.pages(), ids=lambda path: path.name)
def test_a_generated_page_is_what_the_code_would_write(path):
    assert path.read_text("utf-8") == GENERATED.pages()[path], "run `make docs`"


def test_a_stale_page_is_seen(tmp_path, monkeypatch, capsys):
    for page in ("spec.md", "decision.md", "api.md", "service.md"):
        (tmp_path / page).write_text(f"{GENERATED.BEGIN}old{GENERATED.END}")
    monkeypatch.setattr(GENERATED, "DOCS", tmp_path)
    monkeypatch.setattr("sys.argv", ["generate.py", "--check"])
    assert GENERATED.main() == 1
    assert "spec.md is stale" in capsys.readouterr().err


def test_every_command_is_documented():
    said = (DOCS / "cli.md").read_text("utf-8")
    assert [
        name for name in typer.main.get_command(app).commands if f"\n## vision-readiness {name}\n" not in said
    ] == []


def test_every_reason_is_documented_under_its_own_anchor():
    said = (DOCS / "reasons.md").read_text("utf-8")
    assert [code for code in REASONS if f"\n### {code}\n" not in said] == []


def test_every_check_shows_the_sentence_of_its_example():
    said = (DOCS / "reasons.md").read_text("utf-8")
    assert said.count("\n> ") == len(GENERATED.CHECKS)


def test_every_key_of_the_spec_is_documented():
    said = (DOCS / "spec.md").read_text("utf-8")
    keys = {
        field.serialization_alias or name
        for part in GENERATED.PLACES.values()
        for name, field in part.model_fields.items()
    }
    assert [key for key in (*keys, *Metric) if f"`{key}`" not in said] == []


def test_the_example_spec_and_waivers_can_be_read():
    spec, whole, waivers = blocks(DOCS / "spec.md", "yaml")
    assert read_spec(spec).approved_by == read_spec(whole).approved_by == "Neha Kapoor"
    assert [waiver.code for waiver in read_waivers(waivers)] == ["LABEL201"]


@pytest.mark.parametrize("page", PAGES, ids=lambda path: path.name)
def test_a_link_leads_somewhere(page):
    text = FENCE.sub("", page.read_text("utf-8"))
    targets = [link.split("#")[0] for link in re.findall(r"\]\(([^)\s]+)\)", text) if "://" not in link]
    assert [target for target in targets if target and not (page.parent / target).exists()] == []


@pytest.mark.usefixtures("_among_my_files")
@pytest.mark.parametrize("page", PAGES, ids=lambda path: path.name)
def test_a_python_block_runs(page, capsys):
    for body in blocks(page, "python"):
        exec(compile(body, page.name, "exec"), {"__name__": "__main__"})  # noqa: S102 - our own pages
    if page.name == "README.md":
        assert "[READY]" in capsys.readouterr().out


@pytest.mark.usefixtures("_among_my_files")
@pytest.mark.parametrize("page", PAGES, ids=lambda path: path.name)
def test_a_command_that_is_shown_can_be_run(page):
    targets = re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE)
    for program, *arguments in commands(page):
        if program == "make":
            assert arguments[0] in targets
        elif program == "vision-readiness-webhook":
            assert page.name in {"README.md", "service.md"}, "tests/webhook runs those of these two alone"
        else:
            assert program == "vision-readiness"
            ran = run(*arguments)
            assert ran.code in (0, 1, 3), ran.err
            assert "Traceback" not in ran.err
