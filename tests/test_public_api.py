import ast
import importlib
import inspect
import pkgutil
import textwrap
from pathlib import Path
from typing import get_args

import pytest
from pydantic import BaseModel

import vision_readiness
import vision_readiness.errors
from vision_readiness import advisor

SAMPLE = Path(__file__).parent / "typing" / "api.py"


@pytest.mark.parametrize("name", vision_readiness.__all__)
def test_a_public_name_is_there_has_words_and_is_type_checked(name):
    value = getattr(vision_readiness, name)
    assert value.__name__ == name
    assert inspect.getdoc(value)
    assert name in {node.id for node in ast.walk(ast.parse(SAMPLE.read_text("utf-8"))) if isinstance(node, ast.Name)}


def test_what_a_type_checker_sees_is_what_is_loaded():
    tree = ast.parse(Path(inspect.getfile(vision_readiness)).with_suffix(".pyi").read_text("utf-8"))
    (*imports,) = tree.body
    seen = {node.names[0].asname: (node.module, node.names[0].name) for node in imports}
    assert len(seen) == len(imports), "one name a line, each once"
    assert vision_readiness.__all__ == sorted(seen)
    for name, (module, original) in seen.items():
        assert original == name
        assert getattr(vision_readiness, name) is getattr(importlib.import_module(module), name)


def test_no_public_name_is_hidden_by_a_module_of_the_same_name():
    modules = {found.name for found in pkgutil.iter_modules(vision_readiness.__path__)}
    assert not modules & set(vision_readiness.__all__)


def test_what_is_named_like_its_package_is_imported_from_there():
    from vision_readiness.advisor import decide
    from vision_readiness.compare import compare

    assert inspect.isfunction(decide)
    assert inspect.isfunction(compare)
    assert inspect.ismodule(vision_readiness.compare)
    assert inspect.ismodule(importlib.import_module("vision_readiness.decide"))


def test_every_public_error_is_in_the_tree_and_every_error_of_the_tree_is_public():
    errors = {name for name, value in vars(vision_readiness.errors).items() if inspect.isclass(value)}
    assert errors <= set(vision_readiness.__all__)


def test_every_part_of_a_specification_is_public():
    parts, seen = [vision_readiness.DeploymentSpec], set()
    while parts:
        part = parts.pop()
        seen.add(part.__name__)
        held = {one for field in part.model_fields.values() for one in classes_in(field.annotation)}
        parts += [one for one in held if issubclass(one, BaseModel) and one.__name__ not in seen]
    assert seen <= set(vision_readiness.__all__)


@pytest.mark.parametrize("name", [*vision_readiness.__all__, "decide", "written_spec"])
def test_the_front_door_says_what_it_takes_and_gives(name):
    value = getattr(vision_readiness if name in vision_readiness.__all__ else advisor, name)
    (whole,) = ast.parse(textwrap.dedent(inspect.getsource(value))).body
    types = [node.annotation for node in whole.body if isinstance(node, ast.AnnAssign)]
    for node in [whole, *whole.body]:
        if isinstance(node, ast.FunctionDef) and not node.name.startswith("_"):
            given = [*node.args.args, *node.args.kwonlyargs, node.args.vararg, node.args.kwarg]
            types += [node.returns, *(one.annotation for one in given if one)]
    named = {part.id for one in types if one for part in ast.walk(one) if isinstance(part, ast.Name)}
    assert "Any" not in named


def classes_in(annotation):
    """The classes that a type is made of."""
    if inspect.isclass(annotation) and not get_args(annotation):
        return {annotation}
    return {one for part in get_args(annotation) for one in classes_in(part)}


def test_a_name_that_is_not_public_is_an_attribute_error():
    with pytest.raises(AttributeError, match="no attribute 'Adviser'"):
        vision_readiness.Adviser  # noqa: B018 - looking is the test


def test_dir_lists_every_public_name():
    assert set(vision_readiness.__all__) <= set(dir(vision_readiness))
