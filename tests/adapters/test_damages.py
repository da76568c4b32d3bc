"""Two damages at once, in any format: no picture is less without a word, and nothing ends in a traceback."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from pathlib import Path
from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.adapters.exports import coco, coco_box, coco_image, picture, put
from tests.adapters.test_formats import SCENE, WRITERS, H, W, pictures
from vision_readiness.errors import ReadinessError
from vision_readiness_adapters.export_folder import ExportFolder
from vision_readiness_adapters.export_folder.inventory import IMAGE_SUFFIXES, UNDECODED_SUFFIXES, suffix_of

DOCUMENTS = (".json", ".xml", ".csv", ".txt", ".yaml")


def coco_splits(root: Path) -> None:
    for split in ("train", "valid", "test"):
        keys = [key.partition("/")[2] for key in SCENE if key.startswith(split)]
        boxes = [
            coco_box(place, image, {"cat": 1, "dog": 2}[name], [x1, y1, x2 - x1, y2 - y1])
            for image, key in enumerate(keys)
            for place, (name, x1, y1, x2, y2) in enumerate(SCENE[f"{split}/{key}"])
        ]
        images = [{**coco_image(image, key), "width": W, "height": H} for image, key in enumerate(keys)]
        coco(root / split, images, boxes, files=False)


def yolo(root: Path) -> None:
    for key, objects in SCENE.items():
        rows = (
            f"{int(name == 'dog')} {(x1 + x2) / 2 / W} {(y1 + y2) / 2 / H} {(x2 - x1) / W} {(y2 - y1) / H}"
            for name, x1, y1, x2, y2 in objects
        )
        put((root / key).with_suffix(".txt"), "\n".join(rows))
    put(root / "data.yaml", "train: train\nval: valid\ntest: test\nnames: [cat, dog]\n")


def voc(root: Path) -> None:
    for key, objects in SCENE.items():
        entries = "".join(
            f"<object><name>{name}</name><bndbox><xmin>{x1}</xmin><ymin>{y1}</ymin><xmax>{x2}</xmax><ymax>{y2}</ymax>"
            "</bndbox></object>"
            for name, x1, y1, x2, y2 in objects
        )
        name = Path(key).name
        put((root / key).with_suffix(".xml"), f"<annotation><filename>{name}</filename>{entries}</annotation>")


def folders(root: Path) -> None:
    for key in list(SCENE):
        (root / key).unlink()
    for split in ("train", "valid", "test"):
        for name in ("cat", "dog"):
            put(root / split / name / f"{split}-{name}.jpg", picture(W, H))


FORMATS = (*WRITERS, coco_splits, yolo, voc, folders)


def some(root: Path, random: Random, suffixes: tuple[str, ...]) -> Path | None:
    found = sorted(path for path in root.rglob("*") if path.is_file() and path.suffix.lower() in suffixes)
    return random.choice(found) if found else None


def of_picture(change: Callable[[Path, Random], object]) -> Callable[[Path, Random], None]:
    def damage(root: Path, random: Random) -> None:
        path = some(root, random, IMAGE_SUFFIXES)
        if path is not None:
            change(path, random)

    return damage


def of_document(change: Callable[[Path, Random], object]) -> Callable[[Path, Random], None]:
    def damage(root: Path, random: Random) -> None:
        path = some(root, random, DOCUMENTS)
        if path is not None:
            change(path, random)

    return damage


def swapped(path: Path, random: Random) -> None:
    other = random.choice(sorted(one for one in path.parent.iterdir() if one.is_file()))
    mine, theirs = path.read_bytes(), other.read_bytes()
    path.write_bytes(theirs)
    other.write_bytes(mine)


def cut(path: Path, random: Random) -> None:
    data = path.read_bytes()
    path.write_bytes(data[: random.randrange(len(data) + 1)])


def flipped(path: Path, random: Random) -> None:
    data = bytearray(path.read_bytes())
    for _ in range(8):
        if data:
            data[random.randrange(len(data))] = random.randrange(256)
    path.write_bytes(bytes(data))


def replaced(old: str, new: str) -> Callable[[Path, Random], object]:
    return lambda path, _: path.write_text(path.read_text(errors="replace").replace(old, new))


def encoded(encoding: str) -> Callable[[Path, Random], object]:
    return lambda path, _: path.write_bytes(path.read_text(errors="replace").encode(encoding, errors="replace"))


def moved(to: Callable[[Path], Path]) -> Callable[[Path, Random], object]:
    def move(path: Path, _: Random) -> None:
        target = to(path)
        target.parent.mkdir(parents=True, exist_ok=True)
        path.rename(target)

    return move


def added(name: str, content: bytes) -> Callable[[Path, Random], object]:
    return lambda path, _: put(path.parent / name, content)


def linked(ends: Callable[[Path], tuple[Path, Path]]) -> Callable[[Path, Random], object]:
    def link(path: Path, _: Random) -> None:
        here, there = ends(path)
        if not here.is_symlink():
            here.symlink_to(there)

    return link


DAMAGES: dict[str, Callable[[Path, Random], None]] = {
    "picture dropped": of_picture(lambda path, _: path.unlink()),
    "picture doubled": of_picture(lambda path, _: put(path.with_name(f"copy of {path.name}"), path.read_bytes())),
    "picture as PNG": of_picture(lambda path, _: put(path.with_suffix(".png"), picture(W, H, form="PNG"))),
    "picture as jfif": of_picture(moved(lambda path: path.with_suffix(".jfif"))),
    "picture with capitals": of_picture(moved(lambda path: path.with_suffix(".JPG"))),
    "picture without suffix": of_picture(moved(lambda path: path.with_suffix(""))),
    "picture as HEIC": of_picture(moved(lambda path: path.with_suffix(".heic"))),
    "picture nested": of_picture(moved(lambda path: path.parent / "deep" / "down" / path.name)),
    "picture at the root": of_picture(moved(lambda path: path.parents[1] / path.name)),
    "picture renamed": of_picture(moved(lambda path: path.with_name("Grüße 1.jpg"))),
    "picture hidden": of_picture(moved(lambda path: path.with_name(f".{path.name}"))),
    "picture empty": of_picture(lambda path, _: path.write_bytes(b"")),
    "picture cut off": of_picture(cut),
    "picture flipped": of_picture(flipped),
    "picture is a web page": of_picture(lambda path, _: path.write_text("<!doctype html><html>")),
    "pictures swapped": of_picture(swapped),
    "AppleDouble": of_picture(lambda path, _: put(path.with_name(f"._{path.name}"), b"\0\5\x16\7")),
    "preview beside": of_picture(added("labels.jpg", picture(9, 9))),
    "link that leaves": of_picture(linked(lambda path: (path.parent / "away", Path("/usr/share")))),
    "link in a circle": of_picture(linked(lambda path: (path.parent / "again", path.parent))),
    "document dropped": of_document(lambda path, _: path.unlink()),
    "document cut off": of_document(cut),
    "document flipped": of_document(flipped),
    "document empty": of_document(lambda path, _: path.write_bytes(b"")),
    "documents swapped": of_document(swapped),
    "document in UTF-16": of_document(encoded("utf-16")),
    "document with a mark": of_document(encoded("utf-8-sig")),
    "document in cp1252": of_document(encoded("cp1252")),
    "document with CRLF": of_document(replaced("\n", "\r\n")),
    "numbers as text": of_document(replaced(": 1,", ': "1",')),
    "no numbers": of_document(replaced("1", "NaN")),
    "class with a blank": of_document(replaced("cat", "cat ")),
    "strange JSON beside": of_document(added("notes.json", b'{"a": [1, {"images": "no"}]}')),
    "strange XML beside": of_document(added("notes.xml", b"<notes/>")),
    "strange text beside": of_document(added("notes2.txt", b"hello there")),
}


@settings(max_examples=200)
@given(
    write=st.sampled_from(FORMATS),
    damages=st.lists(st.sampled_from(sorted(DAMAGES)), min_size=1, max_size=2),
    seed=st.integers(0, 2**16),
)
def test_no_picture_is_less_without_a_word(write, damages, seed):
    random = Random(seed)  # noqa: S311 - which file is damaged, not a secret
    with tempfile.TemporaryDirectory() as place:
        root = Path(place)
        pictures(root)
        write(root)
        for name in damages:
            DAMAGES[name](root, random)
        known = {*IMAGE_SUFFIXES, *UNDECODED_SUFFIXES}
        there = {
            path.relative_to(root).as_posix()
            for path in root.rglob("*")
            if path.is_file() and not path.name.startswith(".") and suffix_of(path.name) in known
        }
        try:
            dataset = ExportFolder(root).version().dataset
        except ReadinessError as error:
            refused = str(error)
            assert refused
            assert "\n" not in refused
            return
        left = {key for group in dataset.left_out for key in group.examples}
        read = set(dataset.images.key)
        stems = {Path(key).stem for key in read}
        lost = {key for key in there - read - left if Path(key).stem not in stems}
        assert not lost
        assert len(dataset.objects) <= sum(map(len, SCENE.values())) * 2
        told = dataset.images.told
        damaged = {defect.image for defect in dataset.defects if defect.image}
        assert (
            told is None
            or {key for key, is_told in zip(dataset.images.key, told, strict=True) if not is_told} <= damaged
        )
