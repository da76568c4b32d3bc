from __future__ import annotations

import subprocess
import sys

import pytest

from vision_readiness.situations.file_names import NAME_LETTERS
from vision_readiness.spec.pattern import checked_pattern

FINE = [
    r"(?P<belt>\d)",
    r"^[ac]\d*[02468]\.",
    r"(?P<camera>dock-\d+)_(?P<lighting>day|night)",
    r"(?P<site>[a-z]+)-(?P<camera>[a-z0-9]+)-(?P<light>day|dusk|night)-\d+\.jpe?g$",
    r"(?P<site>[^_]+)_(?P<camera>[^_]+)_(?P<date>\d{4}-\d{2}-\d{2})_(\d+)_(\d+)",
    r".*night.*",
    "",
]
NOT_FINE = [
    r"(a+)+$",
    r"(a|a)*$",
    r"(a|aa)+$",
    r"(?:a?){60}a{60}",
    "a?" * 30 + "a" * 30,
    "(a|ab)" * 30 + "c",
    r".*.*.*x",
    r"\w+_\w+_\w+_day",
    r"(a)\1",
    r"(?=a*)b",
    "(" * 5000,
    "[",
    "a" * 301,
    r"(x{65000}){65000}",
]


@pytest.mark.parametrize("pattern", FINE)
def test_what_file_names_need_is_taken(pattern):
    assert checked_pattern(pattern) == pattern


@pytest.mark.parametrize("pattern", NOT_FINE)
def test_what_may_not_end_is_refused(pattern):
    with pytest.raises(ValueError, match=r"\w"):
        checked_pattern(pattern)


SEARCH = """
import itertools, re, sys
patterns, names = (part.split("\\n") for part in sys.stdin.read().split("\\0"))
for pattern, name in itertools.product(patterns, names):
    re.search(pattern, name)
print(len(patterns), len(names))
"""


def test_what_is_taken_ends_on_names_made_to_be_slow():
    slow = [r".*a.*b$", r"\w+\w+!", r"(a|ab)(c|bcd)x", r"\d+\d+x"]
    patterns = [checked_pattern(pattern) for pattern in [*FINE, *slow]]
    names = [(letter * NAME_LETTERS)[:NAME_LETTERS] for letter in ("a", "1", "_", "a_", "dock-1_", "ab")]
    given = "\0".join("\n".join(part) for part in (patterns, names))
    # What may not end would take longer than anybody waits; `re` cannot be interrupted, so it has a process of its own.
    command = [sys.executable, "-c", SEARCH]
    ran = subprocess.check_output(command, input=given, text=True, timeout=120)  # noqa: S603 - our own words
    assert ran.split() == [str(len(patterns)), str(len(names))]
