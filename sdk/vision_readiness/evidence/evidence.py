"""Evidence: everything a decision rests on, as one value that can be kept, replayed and decided again."""

from __future__ import annotations

import hashlib
import io
import json
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from vision_readiness.benchmark.facts import LatencyFacts, check_latency
from vision_readiness.errors import EvidenceError
from vision_readiness.evaluate.average_precision import AveragePrecision
from vision_readiness.evaluate.matches import Matches, check_matches
from vision_readiness.inspect.facts import DatasetFacts
from vision_readiness.predict.readings import Misreading
from vision_readiness.project import SPLITS, ImageTable, ModelCard, Preprocessing, Split, VersionId
from vision_readiness.project.columns import Column, check_columns, check_rows, put_together, take_apart
from vision_readiness.project.reported import ReportedFigures, check_reported
from vision_readiness.stress.facts import StressFacts, check_stress

FIRST, FORMAT = "vision-readiness/evidence/1", "vision-readiness/evidence/2"
"""The formats that are read; the first wrote every field, the second leaves out those that hold their default."""
UNDECIDING: dict[str, Any] = {"seconds": [], "source": "", "announcements": []}
"""What tells where, how long and with what remarks evidence was gathered."""
MAX_BYTES = 4 * 2**30
"""What an evidence file may unpack to: a larger one is not ours."""


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class ModelEvidence:
    """One artefact on the evaluation images: its card, its matches, and its average precision on leak-free test.

    ``failed`` names images that it could not answer, with why; ``better_order`` is a class order that fits far better
    than the one assumed, where there is one. ``against_parent`` has shape (classes, 3): the change of AP50 from the
    parent artefact and its two-sided 90 % interval, NaN for a class without truths. ``coco`` holds COCO's figures.
    ``on_train`` are the answers to training images, if there were any: apart, for they prove nothing. ``reading`` is
    a form in which answers or labels fit far better than as they were read, where there is one.
    """

    card: ModelCard
    matches: Matches
    average: AveragePrecision
    failed: Mapping[str, str] = field(default_factory=dict)
    better_order: tuple[str, ...] | None = None
    against_parent: NDArray[np.float64] | None = None
    coco: Mapping[str, float | None] = field(default_factory=dict)
    on_train: Matches | None = None
    reading: Misreading | None = None


@dataclass(frozen=True, eq=False)
class Evidence:
    """What was found out about one version and artefact. Columns ``group`` and ``leak_free`` have shape (images,).

    Images of one group err together; an evaluation image that is not ``leak_free`` also stands in a split that was
    trained on. ``reported`` is what somebody else says of a model that was not measured here; it proves nothing.
    ``source`` and ``seconds`` tell where it was gathered and what each stage took; they decide nothing.
    """

    version: VersionId
    dataset: DatasetFacts
    images: ImageTable
    group: NDArray[np.int32]
    leak_free: NDArray[np.bool_]
    model: ModelEvidence | None = None
    parent: ModelEvidence | None = None
    latency: LatencyFacts | None = None
    preprocessing: Preprocessing | None = None
    augmentation: tuple[str, ...] = ()
    announcements: tuple[str, ...] = ()
    no_model_because: str | None = None
    reported: ReportedFigures | None = None
    stress: StressFacts | None = None
    source: str = ""
    seconds: Mapping[str, float] = field(default_factory=dict)

    def judged(self, *splits: Split) -> NDArray[np.bool_]:
        """A mask of shape (images,) of the leak-free images of ``splits`` whose truth is known: only those count."""
        judged = self.images.of(*splits) & self.leak_free
        return judged if self.images.told is None else judged & self.images.told

    @property
    def artefact(self) -> str | None:
        """The digest of the artefact that gave the answers; ``None`` when the answers came in a file of their own."""
        card = self.model.card if self.model else None
        return None if card is None or card.origins.get("answers") == "file" else card.digest

    @cached_property
    def digest(self) -> str:
        """The SHA-256 of all that can decide."""
        manifest, columns = _parts(self)
        plain = manifest["evidence"]
        decides = {name: part for name, part in plain.items() if name not in UNDECIDING}
        total = hashlib.sha256(_json(decides | UNDECIDING if manifest["format"] == FIRST else decides))
        for name in sorted(columns):
            total.update(name.encode() + _npy(columns[name]))
        return total.hexdigest()

    def to_bytes(self) -> bytes:
        """A zip with a manifest and one ``.npy`` file a column; equal evidence gives equal bytes."""
        manifest, columns = _parts(self)
        packed = io.BytesIO()
        with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
            _write(archive, "manifest.json", _json(manifest))
            for name in sorted(columns):
                _write(archive, f"{name}.npy", _npy(columns[name]))
        return packed.getvalue()

    @staticmethod
    def from_bytes(data: bytes) -> Evidence:
        """The evidence that ``to_bytes`` packed, also in the first release; raises ``EvidenceError`` otherwise."""
        try:
            evidence = _unpacked(data)
            _check_fit(evidence)
        except EvidenceError:
            raise
        except Exception as error:  # noqa: BLE001 - damaged bytes make the readers of zip, JSON and .npy raise anything
            because = str(error) or type(error).__name__
            raise EvidenceError(
                f"this is not a whole evidence file ({because:.200}): gather it again with --save-evidence"
            ) from None
        return evidence


def _unpacked(data: bytes) -> Evidence:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        if sum(entry.file_size for entry in archive.infolist()) > MAX_BYTES:
            raise EvidenceError(
                f"this evidence file would unpack to more than {MAX_BYTES / 2**30:g} GiB: gather it again"
            )
        manifest = json.loads(archive.read("manifest.json"), parse_constant=_no_number)
        names = [name for name in archive.namelist() if name.endswith(".npy")]
        columns = {name.removesuffix(".npy"): _column(archive.read(name)) for name in names}
    if manifest.get("format") not in (FIRST, FORMAT):
        raise EvidenceError(f"this evidence is in format {manifest.get('format')!r:.80}, not {FORMAT}: gather it again")
    evidence: Evidence = put_together(Evidence, manifest["evidence"], columns)
    if manifest["format"] == FIRST:  # reports and databases know it by the digest of all its fields, so they are kept
        vars(evidence)["first"] = manifest
    return evidence


def _check_fit(evidence: Evidence) -> None:
    """Nothing; raises ``ValueError`` naming the first part that does not fit the others."""
    images, facts = evidence.images, evidence.dataset
    columns = (images.split, images.source, images.width, images.height, evidence.group, evidence.leak_free)
    check_columns("images", (len(images),), *columns)
    check_rows("images.split", images.split, len(SPLITS))
    for name, condition in images.conditions.items():
        check_columns(f"condition {name}", (len(images),), *condition.members.values())
    for split in facts.splits.values():
        for counts in (split.objects, split.images_with, split.sources_with):
            if set(counts) != set(facts.classes):
                raise ValueError("a split counts other classes than the data set has")
    for model in (evidence.model, evidence.parent):
        if model is not None:
            _check_model(model, evidence)
    if evidence.latency is not None:
        check_latency(evidence.latency)
    if evidence.reported is not None:
        check_reported(evidence.reported)
    if evidence.stress is not None:
        check_stress(evidence.stress, len(images), len(facts.classes))


def _check_model(model: ModelEvidence, evidence: Evidence) -> None:
    matches, classes = model.matches, evidence.dataset.classes
    if (matches.classes, matches.task) != (classes, evidence.dataset.task):
        raise ValueError("the matches are of another task or of other classes than the data set")
    check_matches(matches, len(evidence.images))
    if model.on_train is not None:
        check_matches(model.on_train, len(evidence.images))
        if (model.on_train.classes, model.on_train.task) != (classes, matches.task):
            raise ValueError("the answers to training images are of another task or of other classes than the data set")
    average = model.average
    shapes = {(len(classes), matches.levels): (average.value,), (len(classes), 3): (average.lower, average.upper)}
    if model.against_parent is not None:
        shapes[len(classes), 3] += (model.against_parent,)
    for shape, columns in shapes.items():
        check_columns("average", shape, *map(np.nan_to_num, columns))


def _parts(evidence: Evidence) -> tuple[dict[str, Any], dict[str, Column]]:
    """The manifest and the columns; evidence that was read in the first format stays in it."""
    columns: dict[str, Column] = {}
    plain = take_apart(evidence, columns)
    return vars(evidence).get("first", {"format": FORMAT, "evidence": plain}), columns


def _json(plain: Any) -> bytes:
    return json.dumps(plain, sort_keys=True, allow_nan=False).encode()


def _no_number(name: str) -> float:
    raise ValueError(f"the manifest holds {name}")


def _npy(column: Column) -> bytes:
    packed = io.BytesIO()
    np.save(packed, np.ascontiguousarray(column), allow_pickle=False)
    return packed.getvalue()


def _column(data: bytes) -> Column:
    column: Column = np.load(io.BytesIO(data), allow_pickle=False)
    return column


def _write(archive: zipfile.ZipFile, name: str, data: bytes) -> None:
    entry = zipfile.ZipInfo(name, date_time=(1980, 1, 1, 0, 0, 0))
    entry.compress_type = zipfile.ZIP_DEFLATED
    archive.writestr(entry, data, compresslevel=6)
