from __future__ import annotations

import subprocess
import sys

import pytest

from tests.sdk.render import reports
from vision_readiness.render import FORMATS


def test_the_formats_are_those_of_the_command_line():
    assert list(FORMATS) == ["text", "json", "html", "markdown", "github", "junit"]


@pytest.mark.parametrize("name", reports.ALL)
@pytest.mark.parametrize("form", FORMATS)
def test_every_report_renders_in_every_format_to_text_that_can_be_written(form: str, name: str):
    text = FORMATS[form](reports.ALL[name]())
    assert text.encode()
    assert text == FORMATS[form](reports.ALL[name]())


def test_the_table_of_formats_loads_no_template_engine_and_no_imaging():
    code = "import sys, vision_readiness.render; print([m for m in ('jinja2', 'PIL') if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)  # noqa: S603 - ourselves
    assert done.stdout.strip() == "[]"
