"""Says whether a vision model is ready to ship to its cameras and device, and if not, what to do next.

>>> from vision_readiness import Advisor, ReadinessState
>>> [str(state) for state in ReadinessState if state.deployable]
['ready', 'warning', 'monitor_required']

The public names stand in ``__init__.pyi``, one a line, where editors and type checkers read them. Each is loaded on
first use, so that importing the package costs nothing. A function named like its package is imported from there:
``from vision_readiness.compare import compare``. Ports are in ``ports``, ``predict.interface`` and
``publish.interface``, the values of a data set in ``project``, fakes for tests in ``testing``.
"""

import importlib
import pkgutil

_LINES = (pkgutil.get_data(__name__, "__init__.pyi") or b"").decode().splitlines()
_MODULE_OF = dict(sorted((line.split()[-1], line.split()[1]) for line in _LINES))
__all__ = list(_MODULE_OF)


def __getattr__(name: str) -> object:
    """A public name, from the module that holds it."""
    if name not in _MODULE_OF:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = globals()[name] = getattr(importlib.import_module(_MODULE_OF[name]), name)
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
