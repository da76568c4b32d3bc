from __future__ import annotations

import pytest

from vision_readiness.project.class_names import as_known


@pytest.mark.parametrize(
    ("names", "classes", "known"),
    [
        (("Kürbis", "Apfel"), ("Apfel", "Kurbis"), ("Kurbis", "Apfel")),
        (("Kurbis",), ("Kürbis",), ("Kürbis",)),  # a folder of one's own beside a model made from an export
        (("Kürbis", "Kurbis"), ("Kurbis",), ("Kürbis", "Kurbis")),
        (("箱", "盒"), ("-",), ("箱", "盒")),
        (("箱",), ("-", "x"), ("-",)),
        (("Kürbis", "Kürbis"), ("Kurbis",), ("Kurbis", "Kurbis")),
        (("Person",), ("person",), ("Person",)),
        ((), ("person",), ()),
    ],
)
def test_a_name_is_known_where_an_export_gives_one_class_and_no_other_name_claims_it(names, classes, known):
    assert as_known(names, classes) == known
