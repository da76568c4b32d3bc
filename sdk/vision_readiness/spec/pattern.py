"""Regular expressions from strangers: only those that end soon on every file name."""

from __future__ import annotations

import re
from collections.abc import Iterator
from re import _constants as codes  # type: ignore[attr-defined]  # the parser has no public name
from re import _parser as parser  # type: ignore[attr-defined]  # the same
from typing import Any

MOST_LETTERS = 300
MOST_LOOSE = 2
"""With ``n`` loose repetitions a name of ``m`` letters takes up to m to the power of n + 1 steps."""

_REPEATS = (codes.MAX_REPEAT, codes.MIN_REPEAT)
_LETTERS = (codes.IN, codes.ANY, codes.LITERAL, codes.NOT_LITERAL)


def checked_pattern(text: str) -> str:
    r"""``text``, if it is a regular expression whose search ends soon; raises ``ValueError`` for any other.

    ``re`` tries every way in which the parts of an expression can share a text, and lets nothing else run meanwhile:
    ``(a+)+$`` takes 2 to the power of n steps. So no repetition may hold another, or a choice, and only ``MOST_LOOSE``
    parts may fit in more than one way: ``\d+_`` fits in one, ``.*_`` does not.

    >>> checked_pattern(r"(?P<dock>dock-[0-9]+)_(?P<light>day|night)_.*")
    '(?P<dock>dock-[0-9]+)_(?P<light>day|night)_.*'
    """
    if len(text) > MOST_LETTERS:
        raise ValueError(f"a regular expression has at most {MOST_LETTERS} letters here")
    try:
        parsed = parser.parse(text)
        re.compile(text)
    except (re.error, RecursionError, OverflowError) as error:
        raise ValueError(f"it is not a regular expression: {error}") from None
    row = list(_in_a_row(parsed))
    loose = sum(_is_loose(part, following) for part, following in zip(row, [*row, None][1:], strict=True))
    if loose > MOST_LOOSE:
        raise ValueError(
            f"{loose} of its parts fit in more than one way, so that a search may not end; at most {MOST_LOOSE} may: "
            r"write `[^_]+_` in place of `.*_` or `\w+_`"
        )
    return text


_Part = tuple[Any, Any]


def _in_a_row(items: Any) -> Iterator[_Part]:
    """The parts of an expression one after another, groups and choices opened."""
    for code, value in items:
        if code is codes.SUBPATTERN:
            yield from _in_a_row(value[-1])
        elif code in _REPEATS:
            if value[1] == 1:
                yield from _in_a_row(value[2])
            else:
                _once(value[2])
            yield code, value
        elif code is codes.BRANCH:
            yield code, value
            for choice in value[1]:
                yield from _in_a_row(choice)
                yield codes.FAILURE, None  # what follows a choice is not what follows its last part
        elif code in _LETTERS or code is codes.AT:
            yield code, value
        else:
            raise ValueError("it looks around or back, which a file name does not need")


def _once(items: Any) -> None:
    """Raise ``ValueError`` for what is repeated and has more than one way to fit."""
    for code, value in items:
        if code is codes.SUBPATTERN:
            _once(value[-1])
        elif code not in _LETTERS:
            raise ValueError("a repetition holds another, or a choice, so that a search may not end")


def _is_loose(part: _Part, following: _Part | None) -> bool:
    """Whether a part may fit in more than one way."""
    code, value = part
    if code is codes.BRANCH:
        begins = [choice[0] if len(choice) else None for choice in value[1]]
        letters = {one[1] for one in begins if one is not None and one[0] is codes.LITERAL}
        return len(letters) < len(begins)
    if code not in _REPEATS or value[0] == value[1] or following is None:
        return False
    held = value[2]
    return following[0] is not codes.LITERAL or len(held) != 1 or _holds(held[0], following[1])


def _holds(part: tuple[Any, Any], letter: int) -> bool:
    """Whether a part that stands for one letter may stand for this one."""
    code, value = part
    if code is codes.IN:
        negated = value[0][0] is codes.NEGATE
        return negated != any(_is_among(one, letter) for one in value if one[0] is not codes.NEGATE)
    if code is codes.LITERAL:
        return bool(value == letter)
    return not (code is codes.NOT_LITERAL and value == letter)


def _is_among(one: tuple[Any, Any], letter: int) -> bool:
    code, value = one
    if code is codes.LITERAL:
        return bool(value == letter)
    if code is codes.RANGE:
        return bool(value[0] <= letter <= value[1])
    classes = {codes.CATEGORY_DIGIT: r"\d", codes.CATEGORY_SPACE: r"\s", codes.CATEGORY_WORD: r"\w"}
    classes |= {codes.CATEGORY_NOT_DIGIT: r"\D", codes.CATEGORY_NOT_SPACE: r"\S", codes.CATEGORY_NOT_WORD: r"\W"}
    return value not in classes or re.fullmatch(classes[value], chr(letter)) is not None
