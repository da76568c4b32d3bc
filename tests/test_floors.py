import ast
import copy
import itertools
import re
import shutil
import subprocess
import sys
import tomllib

import grimp
import pytest
from importlinter.contracts.layers import LayersContract

from tests.test_architecture import ROOT

SDK = ROOT / "sdk" / "vision_readiness"
SETTINGS = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["importlinter"]
(FLOORS,) = (one for one in SETTINGS["contracts"] if one.get("containers") == ["vision_readiness"])
ROOMS = [[f"vision_readiness.{room.strip()}" for room in re.split("[|:]", floor)] for floor in FLOORS["layers"]]
UPWARD = [(low, high) for above, below in itertools.pairwise(ROOMS) for low in below for high in above[:1]]
FACADE = {
    "vision_readiness.report.report -> vision_readiness.render.card",
    "vision_readiness.report.report -> vision_readiness.render.html",
}


@pytest.fixture(scope="module")
def imports():
    """Every import inside the sdk, as the linter counts them."""
    without_types = SETTINGS["exclude_type_checking_imports"]
    return grimp.build_graph("vision_readiness", exclude_type_checking_imports=without_types, cache_dir=None)


def lint(imports):
    """What import-linter says of the floors; it takes the exceptions out of the graph that it is given."""
    options = {key: str(value) if isinstance(value, bool) else value for key, value in FLOORS.items()}
    contract = LayersContract(FLOORS["name"], {"root_packages": ["vision_readiness"]}, options)
    return contract.check(copy.deepcopy(imports), verbose=False)


def test_the_floors_hold(imports):
    assert lint(imports).kept


@pytest.mark.parametrize(("low", "high"), UPWARD)
def test_an_import_from_the_floor_above_is_seen(imports, low, high):
    planted = copy.deepcopy(imports)
    planted.add_import(importer=low, imported=high)
    assert not lint(planted).kept


def test_a_new_room_has_to_be_given_its_floor(imports):
    grown = copy.deepcopy(imports)
    grown.add_module("vision_readiness.attic")
    assert lint(grown).metadata["undeclared_modules"] == {"vision_readiness.attic"}


def test_an_import_for_types_only_makes_the_linter_fail(tmp_path):
    for package in (
        SDK,
        ROOT / "adapters" / "vision_readiness_adapters",
        ROOT / "webhook" / "vision_readiness_webhook",
    ):
        shutil.copytree(package, tmp_path / package.parent.name / package.name, ignore=shutil.ignore_patterns("*.pyc"))
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    low = tmp_path / "sdk" / "vision_readiness" / "policy.py"
    planted = "\nfrom typing import TYPE_CHECKING\n\nif TYPE_CHECKING:\n    import vision_readiness.advisor\n"
    low.write_text(low.read_text("utf-8") + planted, "utf-8")
    paths = [str(tmp_path / name) for name in ("sdk", "adapters", "webhook")]
    code = (
        f"import sys; sys.path[:0] = {paths}; from importlinter.cli import lint_imports;"
        " sys.exit(lint_imports(no_cache=True, no_logo=True))"
    )
    ran = subprocess.run([sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True, check=False)  # noqa: S603 - our own words
    assert ran.returncode == 1
    assert "vision_readiness.policy -> vision_readiness.advisor" in ran.stdout


def test_nothing_is_exempt_but_a_report_that_shows_itself():
    assert set(FLOORS["ignore_imports"]) == FACADE


def test_no_modules_import_each_other_in_a_circle_but_for_what_a_report_does_itself(imports):
    imports = copy.deepcopy(imports)
    for exempt in (*FACADE, "vision_readiness.report.report -> vision_readiness.report.change"):
        imports.remove_import(**dict(zip(("importer", "imported"), exempt.split(" -> "), strict=True)))
    circles = [
        (one, other)
        for one in imports.modules
        for other in imports.find_modules_directly_imported_by(one)
        if imports.chain_exists(importer=other, imported=one)
    ]
    assert not circles


def test_a_stranger_finds_at_most_twelve_files_at_the_root():
    assert len(list(SDK.glob("*.py"))) <= 12


def test_every_room_says_in_one_line_what_it_is():
    for path in (*SDK.glob("*.py"), *SDK.glob("*/__init__.py")):
        said = (ast.get_docstring(ast.parse(path.read_text("utf-8"))) or "").splitlines()
        assert said, path
        assert said[0].endswith((".", ":")), path
