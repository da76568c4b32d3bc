import io
import re
import subprocess
import sys
import tokenize
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PACKAGES = (
    ROOT / "sdk" / "vision_readiness",
    ROOT / "adapters" / "vision_readiness_adapters",
    ROOT / "webhook" / "vision_readiness_webhook",
)
HEAVY = {
    *("PIL", "cv2", "httpx", "jinja2", "joblib", "matplotlib", "onnx", "onnxruntime", "pandas", "pycocotools", "rich"),
    *("scipy", "sqlalchemy", "starlette", "tenacity", "torch", "typer"),
}
NOT_A_NOUN = {"base", "common", "core", "helper", "helpers", "manager", "misc", "util", "utils"}
SUPPRESSION = re.compile(r"#\s*(noqa|type:\s*ignore)")
WITH_REASON = re.compile(r"# noqa: [A-Z]+\d+(, [A-Z]+\d+)* - \S|# type: ignore\[[a-z, -]+\]  # \S")
PLACES_OF_ONE_MACHINE = re.compile("/" + r"(root|work|Users|home/(?!someone\b))" + "/")
REGISTRY = re.compile(r"(pypi|pythonhosted|anaconda|npmjs)" + r"\.(org|com)")
TEXT = {".cfg", ".css", ".html", ".j2", ".json", ".md", ".py", ".toml", ".txt", ".yaml", ".yml", ""}


def in_the_project(suffixes):
    """The files git knows or would add."""
    listed = subprocess.run(  # noqa: S603 - our own words
        ["git", "-C", str(ROOT), "ls-files", "-co", "--exclude-standard", "-z"],  # noqa: S607 - the git of whoever tests
        capture_output=True,
        text=True,
        check=False,
    )
    if listed.returncode:
        pytest.skip("this is not a git checkout")
    files = [ROOT / name for name in listed.stdout.split("\0") if name]
    return [path for path in files if path.suffix in suffixes and path.is_file()]


def loaded_by(statement):
    code = f"import sys; {statement}; print(*sys.modules)"
    ran = subprocess.run([sys.executable, "-I", "-c", code], capture_output=True, text=True, check=True)  # noqa: S603 - our own words
    return {name.split(".")[0] for name in ran.stdout.split()}


def test_arrows_point_one_way_and_the_sdk_is_pure():
    code = "import sys; from importlinter.cli import lint_imports; sys.exit(lint_imports(no_cache=True, no_logo=True))"
    ran = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False)  # noqa: S603 - our own words
    assert ran.returncode == 0, ran.stdout + ran.stderr


def test_importing_the_package_loads_nothing_but_python():
    assert not loaded_by("import vision_readiness") & (HEAVY | {"numpy", "pydantic", "yaml"})


@pytest.mark.parametrize("name", ["Advisor", "Report", "DeploymentSpec", "Evidence", "explain"])
def test_a_public_name_loads_nothing_heavy(name):
    assert not loaded_by(f"from vision_readiness import {name}") & HEAVY


def test_the_command_line_loads_no_runtime_before_it_is_asked_to_run_one():
    assert not loaded_by("import vision_readiness_adapters.cli") & {
        "PIL",
        "joblib",
        "onnxruntime",
        "pandas",
        "pycocotools",
    }


def test_every_module_can_be_imported_first():
    modules = [
        ".".join(path.relative_to(package.parent).with_suffix("").parts).removesuffix(".__init__")
        for package in PACKAGES
        for path in sorted(package.rglob("*.py"))
        if path.name != "__main__.py"
    ]
    code = (
        "import importlib, sys\n"
        f"for name in {modules}:\n"
        "    for known in [one for one in sys.modules if one.startswith('vision_readiness')]:\n"
        "        del sys.modules[known]\n"
        "    importlib.import_module(name)\n"
    )
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)  # noqa: S603 - our own words
    assert ran.returncode == 0, ran.stderr


def test_every_package_says_it_is_typed_and_its_container_is_none():
    for package in PACKAGES:
        assert (package / "py.typed").is_file()
        assert not (package.parent / "__init__.py").exists()


def test_a_file_is_named_after_what_it_holds():
    named = {path.stem for package in PACKAGES for path in package.rglob("*.py")}
    assert not {name for name in named if NOT_A_NOUN & set(name.split("_"))}


def test_no_file_names_a_place_of_one_machine_or_a_registry():
    told = [
        f"{path.relative_to(ROOT)}: {found[0]}"
        for path in in_the_project(TEXT)
        for pattern in (PLACES_OF_ONE_MACHINE, REGISTRY)
        if (found := pattern.search(path.read_text("utf-8", errors="replace")))
    ]
    assert not told


def test_the_pins_name_no_host_and_pin_everything():
    lines = [line for line in (ROOT / "constraints.txt").read_text("utf-8").splitlines() if not line.startswith("#")]
    assert not [line for line in lines if "://" in line or "==" not in line]


def test_every_suppressed_rule_says_why():
    silent = []
    for path in in_the_project({".py"}):
        tokens = tokenize.generate_tokens(io.StringIO(path.read_text("utf-8")).readline)
        comments = [token for token in tokens if token.type == tokenize.COMMENT and SUPPRESSION.search(token.string)]
        silent += [f"{path.relative_to(ROOT)}:{one.start[0]}" for one in comments if not WITH_REASON.search(one.string)]
    assert not silent


def test_nothing_is_left_to_do():
    left = re.compile(r"\b(" + "TO" + "DO|FIX" + r"ME|XXX)\b")
    assert not [path for package in PACKAGES for path in package.rglob("*.py") if left.search(path.read_text("utf-8"))]
