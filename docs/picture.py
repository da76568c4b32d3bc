"""The picture in README: the first screen of the demo's page, as Chromium shows it. Needs playwright and Chromium."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path

from PIL import Image
from playwright.sync_api import sync_playwright

from vision_readiness import Advisor
from vision_readiness_adapters.bundled_projects import BLOCKED, bundled_workspace
from vision_readiness_adapters.cli.console import write_report
from vision_readiness_adapters.cli.options import Format

TARGET = Path(__file__).parent / "images" / "card.png"
SIZE = {"width": 1120, "height": 726}


def main() -> None:
    """Write ``TARGET``, with so few colours that it stays small."""
    advisor = Advisor.connect(str(bundled_workspace() / BLOCKED))
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        page_file = Path(folder) / "readiness.html"
        write_report(advisor.readiness(), Format.HTML, page_file, advisor.source.images)
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        page = browser.new_page(viewport={"width": SIZE["width"], "height": SIZE["height"]})
        page.goto(page_file.as_uri())
        page.screenshot(path=TARGET)
        browser.close()
    with Image.open(TARGET) as picture:
        picture.convert("RGB").quantize(192, dither=Image.Dither.NONE).save(TARGET, optimize=True)
    print(f"Wrote {TARGET.name}, {TARGET.stat().st_size // 1000} kB.")


if __name__ == "__main__":
    main()
