"""A real Chromium, and what is looked for in a page."""

from __future__ import annotations

import shutil

NAMES = ("chromium", "chromium-browser", "google-chrome", "/usr/bin/chromium", "/usr/bin/google-chrome")
ARGUMENTS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
WIDTHS = ((390, 844), (820, 1180), (1440, 900))

OUTSIDE = """() => [...document.querySelectorAll('body *')].filter(element => {
  const own = [...element.childNodes].some(node => node.nodeType === 3 && node.textContent.trim());
  if (!own || element.closest('.scroll, .hidden, .skip') || !element.checkVisibility()) return false;
  const box = element.getBoundingClientRect();
  return box.width > 0 && (box.left < -1 || box.right > innerWidth + 1);
}).map(element => element.outerHTML.slice(0, 120))"""


def chromium() -> str | None:
    """Where a Chromium is installed; ``None`` for nowhere."""
    return next((path for name in NAMES if (path := shutil.which(name))), None)
