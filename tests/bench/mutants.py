"""Whether the tests would notice a fault: ``python -m tests.bench.mutants [COUNT]``.

A seeded sample of small faults, as many of each area while there are any, each held against the tests of its area. The
tests run once as they should; every fault then gets a fork of that warm process, in which what imports the faulty file
is imported anew. The files themselves are never touched.
"""

from __future__ import annotations

import ast
import importlib.util
import os
import resource
import signal
import sys
import time
import traceback
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from importlib.abc import MetaPathFinder
from importlib.machinery import ModuleSpec, SourceFileLoader
from itertools import chain, zip_longest
from pathlib import Path
from random import Random
from types import CodeType

ROOT = Path(__file__).parents[2]
ROOTS = ("webhook", "adapters", "sdk")
sys.path[:0] = [str(ROOT / name) for name in ROOTS]  # the packages of this tree, whatever is installed

from tests.bench.mutating import Fault, faults, with_fault  # noqa: E402 - after the path is set
from tests.bench.tables import table  # noqa: E402 - the same

PAGE = ROOT / "docs" / "numbers-mutants.md"
SEED, WHOLE = 20261127, 300
SDK, SERVICE = "sdk/vision_readiness", "webhook/vision_readiness_webhook"
QUICK_FIRST = (
    "numbers decide outcome regression cost promises explained marked_objects over_fit slices thresholds unproven table"
)


@dataclass(frozen=True, slots=True)
class Area:
    """Files that belong together, and the tests that are to notice a fault in them."""

    name: str
    files: tuple[str, ...]
    tests: tuple[str, ...]


AREAS = (
    Area(
        "rates",
        (f"{SDK}/evaluate/rates.py",),
        ("tests/sdk/evaluate/test_rates.py", "tests/sdk/evaluate/test_coverage.py"),
    ),
    Area(
        "leakage",
        (f"{SDK}/inspect/leakage.py", f"{SDK}/reasons/split.py"),
        ("tests/sdk/inspect/test_leakage.py", "tests/sdk/reasons/test_split.py"),
    ),
    Area("freshness", (f"{SERVICE}/freshness.py",), ("tests/webhook/test_freshness.py",)),
    Area("access", (f"{SERVICE}/access.py",), ("tests/webhook/test_access.py",)),
    Area(
        "waivers",
        (f"{SERVICE}/store/given.py", f"{SDK}/report/validity.py"),
        ("tests/webhook/store/test_given.py", "tests/sdk/report/test_validity.py"),
    ),
    Area("signatures", (f"{SDK}/deliveries/signature.py",), ("tests/sdk/deliveries/test_signature.py",)),
    Area(
        "thresholds",
        (f"{SDK}/evaluate/thresholds.py", f"{SDK}/evaluate/operating.py"),
        ("tests/sdk/evaluate/test_thresholds.py",),
    ),
    Area(
        "decide",
        (f"{SDK}/decide/*.py",),
        (
            *(f"tests/sdk/decide/test_{name}.py" for name in QUICK_FIRST.split()),
            "tests/sdk/situations/test_new_cameras.py",
        ),
    ),
)


@dataclass(frozen=True, slots=True)
class Mutant:
    """A fault in a file; without one the file is as it should be."""

    file: str
    fault: Fault | None = None

    def __str__(self) -> str:
        if self.fault is None:
            return self.file
        short = (" ".join(text.split())[:70] for text in (self.fault.before, self.fault.after))
        return f"{self.file}:{self.fault.line}: {' → '.join(f'`{text}`' for text in short)}"


def main(count: int = WHOLE, *only: str) -> None:
    """Make so many faults, print what became of each, and keep the table where they were the whole sample."""
    taken = sample(count, [area for area in AREAS if not only or area.name in only])
    survived: dict[str, list[Mutant]] = {}
    for area, mutants in taken.items():
        survived[area.name] = survivors(area, mutants)
    text = report(taken, survived)
    print(text)
    if count == WHOLE and not only:
        PAGE.write_text(text, encoding="utf-8")


def sample(count: int, areas: Iterable[Area]) -> Mapping[Area, list[Mutant]]:
    """``count`` faults: one of each area in turn, each area's in an order that follows from the seed."""
    drawn: list[list[tuple[Area, Mutant]]] = []
    for area in areas:
        files = sorted(str(path.relative_to(ROOT)) for pattern in area.files for path in ROOT.glob(pattern))
        every = [(area, Mutant(file, fault)) for file in files for fault in faults((ROOT / file).read_text("utf-8"))]
        Random(f"{SEED} {area.name}").shuffle(every)  # noqa: S311 - a sample, no secret
        drawn.append(every)
    found: dict[Area, list[Mutant]] = {}
    for one in [one for one in chain(*zip_longest(*drawn)) if one][:count]:
        found.setdefault(one[0], []).append(one[1])
    return found


def survivors(area: Area, mutants: Sequence[Mutant]) -> list[Mutant]:
    """Those that the tests of the area pass with, each told on standard error as it is tried.

    Where there is none, the tests are tried once without a fault: they have to pass in a fork too.
    """

    def every() -> int:
        begun, cpu, sound = time.monotonic(), time.process_time(), False
        if run_tests(area):
            print(f"{area.name}: its tests do not pass without any fault", file=sys.stderr)
            return 1
        patience, work = 10 * (time.monotonic() - begun) + 120, int(5 * (time.process_time() - cpu)) + 30
        for mutant in mutants:
            passed = apart(partial(tried, area, mutant, work, patience)) == 0
            print(f"{'SURVIVED' if passed else 'killed'}  {mutant}", file=sys.stderr, flush=True)
            if passed:
                os.write(writing, f"{mutants.index(mutant)}\n".encode())
                sound = True
        return 0 if sound or not apart(partial(tried, area, Mutant(mutants[0].file), work, patience)) else 1

    reading, writing = os.pipe()
    if apart(every):
        raise SystemExit(1)
    os.close(writing)
    with os.fdopen(reading) as told:
        return [mutants[int(line)] for line in told]


def tried(area: Area, mutant: Mutant, work: int, patience: float) -> int:
    """What the tests of the area say with the fault in: 0 where they pass. One that goes on for too long is ended."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    limit = int(used.ru_utime + used.ru_stime) + work
    resource.setrlimit(resource.RLIMIT_CPU, (limit, limit + 5))
    signal.alarm(int(patience))
    path = ROOT / mutant.file
    name = module_of(path)
    for other in importers(name):
        del sys.modules[other]
    sys.meta_path.insert(0, Faulty(name, path, with_fault(path.read_text("utf-8"), mutant.fault)))
    return run_tests(area)


def run_tests(area: Area) -> int:
    """The exit code of the area's tests in this process, which say nothing."""
    import pytest

    silence = os.open(os.devnull, os.O_WRONLY)
    kept = [os.dup(1), os.dup(2)]
    for number in (1, 2):
        os.dup2(silence, number)
    try:
        return int(pytest.main([*area.tests, "-x", "-q", "-p", "no:cacheprovider"], plugins=[SameExamples()]))
    finally:
        for number, was in zip((1, 2), kept, strict=True):
            os.dup2(was, number)


class SameExamples:
    """A plugin that has hypothesis try the same examples each time."""

    def pytest_sessionstart(self) -> None:
        from hypothesis import settings

        settings.register_profile("mutants", database=None, derandomize=True, deadline=None, max_examples=40)
        settings.load_profile("mutants")


def apart(work: Callable[[], int]) -> int:
    """What ``work`` says in a fork of this process; anything but 0 where it is ended from outside."""
    sys.stdout.flush()
    sys.stderr.flush()
    child = os.fork()
    if child == 0:
        code = 2
        try:
            code = work()
        except BaseException:  # noqa: BLE001 - told, and then this process ends
            traceback.print_exc()
        finally:
            sys.stderr.flush()
            os._exit(code)
    return os.waitpid(child, 0)[1]


def module_of(path: Path) -> str:
    """The dotted name of a file of the packages."""
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[1:-1] if parts[-1] == "__init__" else parts[1:])


def importers(name: str) -> set[str]:
    """The loaded modules of this project that import ``name``, directly or not, and itself."""
    wanted = {
        other: _imported(Path(module.__file__))
        for other, module in sys.modules.items()
        if (getattr(module, "__file__", None) or "").startswith(str(ROOT)) and ".venv" not in str(module.__file__)
    }
    found, grown = set(), {name, "vision_readiness"}  # names of the package itself come from anywhere
    while grown:
        found |= grown
        grown = {other for other, imported in wanted.items() if other not in found and imported & grown}
    return found & wanted.keys()


def _imported(path: Path) -> set[str]:
    if path.suffix != ".py":
        return set()
    names: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            names |= {one.name for one in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            names |= {node.module, *(f"{node.module}.{one.name}" for one in node.names)}
    return names


class Faulty(SourceFileLoader, MetaPathFinder):
    """Finds and loads one module, with a fault in it."""

    def __init__(self, name: str, path: Path, tree: ast.Module) -> None:
        super().__init__(name, str(path))
        self.tree = tree

    def find_spec(self, fullname: str, path: object = None, target: object = None) -> ModuleSpec | None:
        return (
            importlib.util.spec_from_file_location(fullname, self.path, loader=self) if fullname == self.name else None
        )

    def get_code(self, fullname: str) -> CodeType:
        code: CodeType = compile(self.tree, self.path, "exec", dont_inherit=True)
        return code


def report(taken: Mapping[Area, Sequence[Mutant]], survived: Mapping[str, Sequence[Mutant]]) -> str:
    """The page: a table by area, and every survivor."""
    rows = []
    for area, mutants in taken.items():
        killed = len(mutants) - len(survived[area.name])
        rows.append([area.name, str(len(mutants)), str(killed), f"{killed / len(mutants):.0%}"])
    every, left = sum(map(len, taken.values())), sum(map(len, survived.values()))
    rows.append(["all", str(every), str(every - left), f"{(every - left) / every:.1%}"])
    lines = [
        "# Numbers of the tests\n",
        "Written by `make bench-mutants`. A mutant is a file with one small fault: a comparison turned or moved by",
        "one, `and` for `or`, another number, `None` returned, a condition left out. It is killed when a test of its",
        f"area fails. The sample is drawn with the seed {SEED}, one of each area in turn, so that none hides behind a",
        "larger one.\n",
        table(["area", "mutants", "killed", "share"], rows),
        "| area | files | tests |\n| --- | --- | --- |",
        *(f"| {area.name} | {_listed(area.files)} | {_listed(area.tests)} |" for area in AREAS),
        "\n## Survivors\n",
        *(f"- {mutant}" for mutants in survived.values() for mutant in mutants),
    ]
    return "\n".join(lines).rstrip() + "\n"


def _listed(names: Iterable[str]) -> str:
    return ", ".join(f"`{name}`" for name in names)


if __name__ == "__main__":
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    main(*(int(one) if one.isdigit() else one for one in sys.argv[1:]))  # type: ignore[arg-type]  # a number, then names
