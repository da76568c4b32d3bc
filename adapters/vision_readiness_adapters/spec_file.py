"""Specifications and waivers in YAML files."""

from __future__ import annotations

from pathlib import Path

from vision_readiness.errors import SpecError
from vision_readiness.requirement import Waiver
from vision_readiness.spec import DeploymentSpec, read_spec, read_waivers

MAX_BYTES = 1_000_000


def open_spec(path: str | Path) -> DeploymentSpec:
    """The specification in a file; ``extends`` names another file beside it. Raises ``SpecError``."""
    folder = Path(path).parent
    return read_spec(_text(Path(path)), name=Path(path).name, base=lambda name: _text(folder / name))


def open_waivers(path: str | Path) -> tuple[Waiver, ...]:
    """The accepted risks in a file; raises ``SpecError``."""
    return read_waivers(_text(Path(path)), name=Path(path).name)


def _text(path: Path) -> str:
    try:
        if path.stat().st_size > MAX_BYTES:
            raise SpecError(f"{path} is too large to be written by a person: give a spec of a few pages")
        return path.read_text(encoding="utf-8")
    except OSError as error:
        raise SpecError(f"{path} cannot be read ({error.strerror or error}): check its name") from None
    except UnicodeDecodeError:
        raise SpecError(f"{path} is not text in UTF-8: save it as such") from None
    except ValueError as error:  # a name with a NUL
        raise SpecError(f"{path} cannot be read ({error}): check its name") from None
