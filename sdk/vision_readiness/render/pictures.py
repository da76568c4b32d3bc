"""Example pictures: which errors a page shows, and one error drawn so that it can be seen."""

from __future__ import annotations

from hashlib import sha256
from io import BytesIO
from itertools import pairwise
from typing import TYPE_CHECKING
from warnings import catch_warnings, simplefilter

from vision_readiness.errors import InputError
from vision_readiness.evaluate.examples import FailureExample, FailureKind
from vision_readiness.render.panels import weakest
from vision_readiness.requirement import Metric

if TYPE_CHECKING:
    from PIL import Image, ImageDraw

    from vision_readiness.report import Report
    from vision_readiness.requirement import RequirementResult

MOST_PICTURES = 24
MOST_OF_A_CLASS = 6
WIDTH, HEIGHT = 480, 360
_SHARE = 0.3  # of the picture's side that a small box is to fill
_COLOURS = {FailureKind.MISSED: "#ffb000", FailureKind.FALSE_ALARM: "#ff5c8a", FailureKind.CONFUSED: "#4cc9f0"}
_DASHES = {FailureKind.MISSED: (12, 7), FailureKind.FALSE_ALARM: (1, 0), FailureKind.CONFUSED: (3, 5)}

_Box = tuple[float, float, float, float]


def picture_id(example: FailureExample) -> str:
    """The name of an example's picture: equal for equal image, kind, class and box; safe in a file name."""
    named = ascii((example.image, str(example.kind), example.label, tuple(map(float, example.box))))
    return sha256(named.encode()).hexdigest()[:16]


def picture_requests(report: Report) -> tuple[FailureExample, ...]:
    """The examples whose pictures a page shows, at most 24 and at most 6 a class, the most telling first.

    That is first the class and the kind of error of the weakest requirement, then the other classes in turn.
    """
    unique = {picture_id(example): example for example in report.errors.examples}
    weak = weakest(report)
    telling = sorted(unique.values(), key=lambda example: _rank(weak, example))
    by_class: dict[str, list[FailureExample]] = {}
    for example in telling:
        by_class.setdefault(example.label, []).append(example)
    turns = ((turn, rank, example) for rank, of in enumerate(by_class.values()) for turn, example in enumerate(of))
    kept = [turn for turn in turns if turn[0] < MOST_OF_A_CLASS]
    kept.sort(key=lambda turn: (turn[1] > 0, turn[0], turn[1]))
    return tuple(example for _, _, example in kept[:MOST_PICTURES])


def _rank(weak: RequirementResult | None, example: FailureExample) -> tuple[bool, bool]:
    if weak is None or weak.requirement.label is None:
        return (False, False)
    beside = FailureKind.MISSED if weak.requirement.metric is Metric.PRECISION else FailureKind.FALSE_ALARM
    return (example.label != weak.requirement.label, example.kind is beside)


def failure_picture(encoded: bytes, example: FailureExample) -> bytes:
    """A JPEG at most 480 pixels wide and 360 high, cropped around a small box, with the error drawn and named.

    The kind is told by the line (missed is dashed, a false alarm solid, confused dotted) and in words, never by
    colour alone. No metadata of the original is kept. Raises ``InputError`` for bytes that are not an image, or
    one of an unreasonable size.
    """
    from PIL import Image, ImageDraw

    picture = _decoded(encoded, example.image)
    box = _inside(example.box, picture.size)
    window = _window(box, picture.size) if box else (0.0, 0.0, float(picture.width), float(picture.height))
    scale = min(WIDTH / (window[2] - window[0]), HEIGHT / (window[3] - window[1]))
    size = (max(1, round((window[2] - window[0]) * scale)), max(1, round((window[3] - window[1]) * scale)))
    canvas = picture.resize(size, Image.Resampling.BICUBIC, box=window)
    draw = ImageDraw.Draw(canvas)
    shown = tuple((at - window[n % 2]) * scale for n, at in enumerate(box)) if box else (0.0, 0.0, 0.0, 0.0)
    if box:
        _outline(draw, example.kind, shown, size)
    _label(draw, example.kind, size, above=shown[1] + shown[3] > size[1])
    canvas.info.clear()  # or Pillow writes the comment of the original into the new file
    stream = BytesIO()
    canvas.save(stream, "JPEG", quality=82, optimize=True)
    return stream.getvalue()


def _decoded(encoded: bytes, name: str) -> Image.Image:
    from PIL import Image, ImageOps

    try:
        with catch_warnings():
            simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(BytesIO(encoded)) as opened:
                return ImageOps.exif_transpose(opened).convert("RGB")
    except Exception as error:  # Pillow raises whatever its many decoders raise
        raise InputError(f"{name} cannot be drawn: {error}; the report shows no picture of it") from error


def _inside(box: _Box, size: tuple[int, int]) -> _Box | None:
    left, right = (min(max(at, 0.0), float(size[0])) for at in sorted((box[0], box[2])))
    top, bottom = (min(max(at, 0.0), float(size[1])) for at in sorted((box[1], box[3])))
    return (left, top, right, bottom) if right > left and bottom > top else None


def _window(box: _Box, size: tuple[int, int]) -> _Box:
    """The part of the picture to show: all of it, or about the box where the box would be too small to see."""
    width = max((box[2] - box[0]) / _SHARE, (box[3] - box[1]) / _SHARE * WIDTH / HEIGHT, 48.0)
    if width >= size[0]:
        return (0.0, 0.0, float(size[0]), float(size[1]))
    height = min(width * HEIGHT / WIDTH, float(size[1]))
    left = min(max((box[0] + box[2] - width) / 2, 0.0), size[0] - width)
    top = min(max((box[1] + box[3] - height) / 2, 0.0), size[1] - height)
    return (left, top, left + width, top + height)


def _outline(draw: ImageDraw.ImageDraw, kind: FailureKind, box: tuple[float, ...], size: tuple[int, int]) -> None:
    left, right = (min(max(at, 3.0), size[0] - 4.0) for at in (box[0] - 3, box[2] + 3))
    top, bottom = (min(max(at, 3.0), size[1] - 4.0) for at in (box[1] - 3, box[3] + 3))
    corners = ((left, top), (right, top), (right, bottom), (left, bottom), (left, top))
    draw.line((*corners, corners[1]), fill="black", width=7, joint="curve")
    on, off = _DASHES[kind]
    for (x, y), (to_x, to_y) in pairwise(corners):
        length = max(abs(to_x - x), abs(to_y - y), 1.0)
        for start in range(0, int(length) + 1, on + off):
            first, last = start / length, min(1.0, (start + on) / length)
            ends = (x + (to_x - x) * first, y + (to_y - y) * first, x + (to_x - x) * last, y + (to_y - y) * last)
            draw.line(ends, fill=_COLOURS[kind], width=3)


def _label(draw: ImageDraw.ImageDraw, kind: FailureKind, size: tuple[int, int], *, above: bool) -> None:
    from PIL import ImageFont

    font = ImageFont.load_default(22)
    text = str(kind).upper()
    left, top, right, bottom = draw.textbbox((0, 0), text, font=font)
    width, height = right - left + 14, bottom - top + 10
    if width > size[0] or height > size[1]:
        return
    at_y = 0 if above else size[1] - height
    draw.rectangle((0, at_y, width, at_y + height), fill="black")
    draw.text((7 - left, at_y + 5 - top), text, font=font, fill=_COLOURS[kind])
