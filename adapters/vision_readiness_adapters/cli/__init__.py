"""The command ``vision-readiness``: data on standard output, words and progress on standard error.

Exit codes: 0 deployable, 1 not deployable, 2 could not run, 3 not deployable only because evidence is missing, 4 a
fault of our own, which is no verdict.
"""

from __future__ import annotations

import io
import sys

from vision_readiness.errors import ReadinessError
from vision_readiness_adapters.cli.commands import app
from vision_readiness_adapters.cli.console import say

CANNOT_RUN = 2
OWN_FAULT = 4
DEBUG = "--debug"


def main() -> None:
    """Run the command line; an error is one line, and a traceback only with ``--debug``, before or after a command."""
    debug = DEBUG in sys.argv[1:]
    sys.argv[1:] = [word for word in sys.argv[1:] if word != DEBUG]
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):  # what a terminal's encoding lacks is no reason to fall
            stream.reconfigure(errors="replace")
    try:
        app()
    except ReadinessError as error:
        say(f"vision-readiness: {' '.join(str(error).split())}")
        raise SystemExit(CANNOT_RUN) from None
    except BrokenPipeError:
        raise SystemExit(CANNOT_RUN) from None
    except Exception as error:
        if debug:
            raise
        said = " ".join(f"{type(error).__name__}: {error}".split())
        say(f"vision-readiness: a fault of its own, which is no verdict ({said}); report it with what {DEBUG} prints")
        raise SystemExit(OWN_FAULT) from None
    except KeyboardInterrupt:
        say("vision-readiness: stopped")
        raise SystemExit(130) from None
