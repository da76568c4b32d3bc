"""Text as it stands in markdown, whatever it holds."""

from __future__ import annotations

import re

from vision_readiness.render.words import harmless

_MEANS_SOMETHING = re.compile(r"([\\`*_\[\]#|~]|^[-+=])")
_LINKS_ITSELF = re.compile(r"(@|://|www(?=\.)|(?<!&)#(?=\d))")


def escaped(text: str) -> str:
    r"""``text`` as it stands, whatever it holds: no markup, no HTML, no link, mention or issue reference.

    >>> escaped("a|b <script> @neha")
    'a\\|b &lt;script&gt; @<!-- -->neha'
    """
    clean = _MEANS_SOMETHING.sub(
        r"\\\1", harmless(text).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    )
    return _LINKS_ITSELF.sub(r"\1<!-- -->", clean)
