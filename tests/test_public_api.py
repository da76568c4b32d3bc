import ast
import inspect
from pathlib import Path

import pytest

import vision_readiness

SAMPLE = Path(__file__).parent / "typing" / "api.py"


@pytest.mark.parametrize("name", vision_readiness.__all__)
def test_a_public_name_is_there_has_words_and_is_type_checked(name):
    value = getattr(vision_readiness, name)
    assert value.__name__ == name
    assert inspect.getdoc(value)
    assert name in {node.id for node in ast.walk(ast.parse(SAMPLE.read_text("utf-8"))) if isinstance(node, ast.Name)}


def test_what_a_type_checker_sees_is_what_is_loaded():
    tree = ast.parse(Path(inspect.getfile(vision_readiness)).read_text("utf-8"))
    imported = {
        alias.name: node.module
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and node.module != "typing"
        for alias in node.names
    }
    assert imported == {name: f"vision_readiness.{home}" for name, home in vision_readiness._HOME.items()}
    assert vision_readiness.__all__ == sorted(imported)


def test_a_name_that_is_not_public_is_an_attribute_error():
    with pytest.raises(AttributeError, match="no attribute 'Adviser'"):
        vision_readiness.Adviser  # noqa: B018 - looking is the test


def test_dir_lists_every_public_name():
    assert set(vision_readiness.__all__) <= set(dir(vision_readiness))
