"""A fake Roboflow over an offline workspace, for tests and for trying things without a key.

``serve(folder)`` runs it on a free port of this machine; ``FakeRoboflow(folder)`` is the ASGI app alone; a
``Behaviour`` says which quirks and ``Fault``s it has. ``GET /_about`` lists every route, how it is known (documented,
read in Roboflow's own source, or ours) and what in its answers is made up here. Made up throughout: ids, the moments
of what no file dates, the store behind an export's link, and figures of models, which are those of the project's
``model.onnx`` measured on its own data.
"""

from __future__ import annotations

try:
    import starlette  # noqa: F401 - tells of a missing extra before anything else fails on it
    import uvicorn  # noqa: F401 - same
except ImportError as error:
    raise ImportError('the fake Roboflow needs its extra: pip install "vision-readiness[testing]"') from error

from vision_readiness_adapters.testing.app import ROUTES, FakeRoboflow
from vision_readiness_adapters.testing.behaviour import Behaviour, ErrorShape, Family, Fault, FaultKind
from vision_readiness_adapters.testing.server import Serving, serve
from vision_readiness_adapters.testing.service import Known, Row
from vision_readiness_adapters.testing.state import Recorded

__all__ = [
    "ROUTES",
    "Behaviour",
    "ErrorShape",
    "FakeRoboflow",
    "Family",
    "Fault",
    "FaultKind",
    "Known",
    "Recorded",
    "Row",
    "Serving",
    "serve",
]
