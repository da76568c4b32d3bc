"""The command ``vision-readiness``: data on standard output, words and progress on standard error.

Exit codes: 0 deployable, 1 not deployable, 2 could not run, 3 not deployable only because evidence is missing.
"""

from __future__ import annotations

import io
import sys

from vision_readiness.errors import ReadinessError
from vision_readiness_adapters.cli.commands import app
from vision_readiness_adapters.cli.console import say

CANNOT_RUN = 2


def main() -> None:
    """Run the command line; an error that is ours is one line, never a traceback."""
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
    except KeyboardInterrupt:
        say("vision-readiness: stopped")
        raise SystemExit(130) from None
