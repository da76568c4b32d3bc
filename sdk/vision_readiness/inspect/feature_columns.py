"""The features of many images as columns, measured in parallel."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from vision_readiness.errors import SourceError
from vision_readiness.inspect.features import ImageFeatures, measure

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from vision_readiness.ports import Cache, Images, Progress

_SHARD = 32


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class FeatureColumns:
    """The features of images as columns of shape (images,); ``dhash`` has shape (images, 4).

    ``sha256`` is ``None`` for a file that could not be read, ``because`` for an image that was decoded. The measures
    are those of ``Measures``; an image that was not decoded has size and month 0, an empty hash, and nan for all else.
    """

    sha256: tuple[str | None, ...]
    because: tuple[str | None, ...]
    width: NDArray[np.int32]
    height: NDArray[np.int32]
    mean: NDArray[np.float64]
    std: NDArray[np.float64]
    p99: NDArray[np.float64]
    bright: NDArray[np.float64]
    dark: NDArray[np.float64]
    sharpness: NDArray[np.float64]
    dhash: NDArray[np.uint64]
    month: NDArray[np.int8]

    @property
    def readable(self) -> NDArray[np.bool_]:
        """A mask of shape (images,) of the images that were decoded whole."""
        return self.width > 0

    @staticmethod
    def of(features: Sequence[ImageFeatures]) -> FeatureColumns:
        """``features``, a row each."""
        rows = [record.measures for record in features]
        nan = float("nan")
        hashes = b"".join(bytes(32) if row is None else row.dhash for row in rows)
        return FeatureColumns(
            sha256=tuple(record.sha256 for record in features),
            because=tuple(record.because for record in features),
            width=np.array([0 if row is None else row.width for row in rows], dtype=np.int32),
            height=np.array([0 if row is None else row.height for row in rows], dtype=np.int32),
            mean=np.array([nan if row is None else row.mean for row in rows], dtype=np.float64),
            std=np.array([nan if row is None else row.std for row in rows], dtype=np.float64),
            p99=np.array([nan if row is None else row.p99 for row in rows], dtype=np.float64),
            bright=np.array([nan if row is None else row.bright for row in rows], dtype=np.float64),
            dark=np.array([nan if row is None else row.dark for row in rows], dtype=np.float64),
            sharpness=np.array([nan if row is None else row.sharpness for row in rows], dtype=np.float64),
            dhash=np.frombuffer(hashes, dtype=np.uint64).reshape(-1, 4),
            month=np.array([0 if row is None else row.month for row in rows], dtype=np.int8),
        )


def measure_images(
    keys: Sequence[str],
    images: Images,
    *,
    cache: Cache | None = None,
    progress: Progress | None = None,
    workers: int | None = None,
) -> FeatureColumns:
    """The features of the images ``keys``, in that order, whatever the number of workers.

    Work goes through joblib: threads unless ``joblib.parallel_config`` chose a backend, on all cores unless
    ``workers`` says how many. An image that cannot be read or decoded becomes a row that says why.
    """
    from joblib import Parallel, delayed
    from joblib.parallel import get_active_backend

    backend: Any = get_active_backend(prefer="threads")[0]
    return_as = "generator" if backend.supports_return_generator else "list"  # Ray's has no results until all are there
    shards = [keys[start : start + _SHARD] for start in range(0, len(keys), _SHARD)]
    parallel: Any = Parallel(n_jobs=workers or -1, prefer="threads", return_as=return_as)
    measured = iter(parallel(delayed(_measure_shard)(shard, images, cache) for shard in shards))
    features: list[ImageFeatures] = []
    rows = range(len(keys))
    for row in rows if progress is None else progress.track(rows, "reading images"):
        if row == len(features):
            features.extend(next(measured))
    next(measured, None)  # joblib ends its workers when the last result is followed by the end
    return FeatureColumns.of(features)


def _measure_shard(keys: Sequence[str], images: Images, cache: Cache | None) -> list[ImageFeatures]:
    return [_measure_one(key, images, cache) for key in keys]


def _measure_one(key: str, images: Images, cache: Cache | None) -> ImageFeatures:
    try:
        data = images.read(key)
    except SourceError as error:
        return ImageFeatures(None, None, f"the file cannot be read: {error}")
    return measure(data, cache)
