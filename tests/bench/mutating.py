"""Small faults in a file: where each can be made, and the file with one of them in it."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass

FLIPPED: dict[type[ast.AST], tuple[type[ast.AST], ...]] = {
    ast.Lt: (ast.LtE, ast.Gt),
    ast.LtE: (ast.Lt, ast.GtE),
    ast.Gt: (ast.GtE, ast.Lt),
    ast.GtE: (ast.Gt, ast.LtE),
    ast.Eq: (ast.NotEq,),
    ast.NotEq: (ast.Eq,),
    ast.Is: (ast.IsNot,),
    ast.IsNot: (ast.Is,),
    ast.In: (ast.NotIn,),
    ast.NotIn: (ast.In,),
    ast.Add: (ast.Sub,),
    ast.Sub: (ast.Add,),
    ast.Mult: (ast.Div,),
    ast.Div: (ast.Mult,),
    ast.Pow: (ast.Mult,),
    ast.BitAnd: (ast.BitOr,),
    ast.BitOr: (ast.BitAnd,),
    ast.And: (ast.Or,),
    ast.Or: (ast.And,),
}
"""What each operator is mistaken for."""

NAMES = {"min": "max", "max": "min", "any": "all", "all": "any", "ceil": "floor", "sorted": "list"}
QUIET_KEYWORDS = {"strict", "kw_only", "frozen", "slots", "eq", "trips", "clean"}
"""Arguments that shape a value or are the example beside a check, which is a test itself."""


@dataclass(frozen=True, slots=True)
class Fault:
    """One fault: the number of the node in the walk over its file, and which of the node's faults it is."""

    node: int
    kind: int
    line: int
    before: str
    after: str


def faults(source: str) -> list[Fault]:
    """Every fault that can be made in the file, but for those in texts, annotations and the shape of values.

    >>> [fault.after for fault in faults("def proven(n: int) -> bool:\\n    return n >= 20")]
    ['return None', 'n > 20', 'n <= 20', '21']
    """
    found = []
    for place, node in enumerate(_walk(ast.parse(source))):
        for kind, changed in enumerate(_changes(node)):
            line: int = getattr(node, "lineno", None) or node.target.lineno  # type: ignore[attr-defined]  # a comprehension
            found.append(Fault(place, kind, line, ast.unparse(node), ast.unparse(changed)))
    return found


def with_fault(source: str, fault: Fault | None) -> ast.Module:
    """The file with the fault in it.

    >>> ast.unparse(with_fault("enough = a and b", faults("enough = a and b")[0]))
    'enough = a or b'
    """
    tree = ast.parse(source)
    if fault is None:
        return tree
    for place, node in enumerate(_walk(tree)):
        if place == fault.node:
            changed = list(_changes(node))[fault.kind]
            break
    _put(tree, node, changed)
    return ast.fix_missing_locations(tree)


def _walk(tree: ast.AST) -> Iterator[ast.AST]:
    """The nodes that can be at fault, in the order of the file."""
    for name, value in ast.iter_fields(tree):
        if name in ("annotation", "returns", "type_params", "bases"):
            continue
        for node in value if isinstance(value, list) else [value]:
            if isinstance(node, ast.AST) and not _is_quiet(node):
                yield node
                yield from _walk(node)


def _is_quiet(node: ast.AST) -> bool:
    """Whether a fault in there changes nothing that anybody could see, or only a text."""
    if isinstance(node, ast.If):
        return ast.unparse(node.test) == "TYPE_CHECKING"
    if isinstance(node, ast.keyword):
        return node.arg in QUIET_KEYWORDS
    return isinstance(node, (ast.JoinedStr, ast.Import, ast.ImportFrom, ast.Assert))


def _changes(node: ast.AST) -> Iterator[ast.AST]:
    """The node with each of its faults."""
    match node:
        case ast.Constant():
            yield from map(ast.Constant, _numbers(node.value))
        case ast.UnaryOp(op=ast.Not() | ast.USub() | ast.Invert()):
            yield node.operand
        case ast.Call(func=ast.Name(id=name) | ast.Attribute(attr=name)) if name in NAMES:
            other = ast.parse(ast.unparse(node.func).removesuffix(name) + NAMES[name], mode="eval").body
            yield ast.Call(other, node.args, node.keywords)
        case ast.Return(value=ast.expr()) if not _is_none(node.value):
            yield ast.Return(ast.Constant(None))
        case ast.IfExp():
            yield ast.IfExp(ast.UnaryOp(ast.Not(), node.test), node.body, node.orelse)
        case ast.comprehension(ifs=[_, *_]):
            yield ast.comprehension(node.target, node.iter, [], node.is_async)
        case _:
            yield from _operators(node)


def _operators(node: ast.AST) -> Iterator[ast.AST]:
    match node:
        case ast.Compare(ops=[operator]):
            yield from (ast.Compare(node.left, [other()], node.comparators) for other in _others(operator))
        case ast.BinOp(op=operator):
            yield from (ast.BinOp(node.left, other(), node.right) for other in _others(operator))
        case ast.BoolOp(op=operator):
            yield from (ast.BoolOp(other(), node.values) for other in _others(operator))


def _numbers(value: object) -> Iterator[float]:
    if isinstance(value, bool):
        yield not value
    elif isinstance(value, (int, float)):
        yield value + 1
        if isinstance(value, float) and value:
            yield value / 2


def _others(operator: ast.AST) -> tuple[type[ast.AST], ...]:
    return FLIPPED.get(type(operator), ())


def _is_none(value: ast.AST | None) -> bool:
    return isinstance(value, ast.Constant) and value.value is None


def _put(tree: ast.AST, old: ast.AST, new: ast.AST) -> None:
    """``new`` where ``old`` stood."""
    for parent in ast.walk(tree):
        for name, value in ast.iter_fields(parent):
            if value is old:
                setattr(parent, name, new)
            elif isinstance(value, list):
                setattr(parent, name, [new if one is old else one for one in value])
