"""Judge anything that answers pictures: write the ``Model`` port by hand and put the advisor together from its parts.

Nothing here touches a disk or a clock: the same fakes serve in your own tests.
"""

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from vision_readiness import Advisor, ClassRule, DeploymentSpec
from vision_readiness.predict.interface import Answer, Device
from vision_readiness.project import ModelCard, ProjectVersion, Task, VersionId
from vision_readiness.testing import MemoryImages, StillClock, a_dataset, an_image, silent

SPLITS = (("train", 0), ("valid", 100), ("test", 200))


def scene(number: int) -> tuple[NDArray[np.uint8], tuple[float, float, float, float]]:
    """A picture of a yard that looks like no other, and the box of the lamp in it."""
    chance = np.random.default_rng(number)
    pixels = np.kron(chance.integers(20, 150, (6, 8, 3)), np.ones((8, 8, 1))).astype(np.uint8)
    x, y = int(chance.integers(0, 44)), int(chance.integers(0, 28))
    pixels[y : y + 20, x : x + 20] = 250
    return pixels, (x, y, x + 20, y + 20)


@dataclass(frozen=True)
class BrightSquares:
    """A ``Model`` that finds what is bright; yours may call a server, a camera or another runtime."""

    card: ModelCard = field(default_factory=lambda: ModelCard("bright-squares", "0" * 64, Task.DETECTION, ("lamp",)))
    device: Device = field(default_factory=lambda: Device("bench-1"))

    def predict(self, picture: NDArray[np.uint8]) -> Answer:
        """One box around everything bright."""
        rows, columns = np.nonzero(picture[:, :, 0] > 200)
        box = np.array([[columns.min(), rows.min(), columns.max() + 1, rows.max() + 1]], np.float64)
        return Answer(np.zeros(1, np.int32), np.array([0.9]), box)


@dataclass(frozen=True)
class OneVersion:
    """A ``Source`` with a single version in memory."""

    images: MemoryImages
    only: ProjectVersion

    def version(self, project: str | None = None, number: int | None = None) -> ProjectVersion:
        """The only version, whatever is asked for."""
        return self.only


scenes = {f"{split}/{split}-{number}.png": scene(start + number) for split, start in SPLITS for number in range(60)}
files = {key: an_image(pixels, "PNG") for key, (pixels, _) in scenes.items()}
labels = {key: [("lamp", box)] for key, (_, box) in scenes.items()}
version = ProjectVersion(VersionId("acme", "lamps", 1), a_dataset(labels))

advisor = Advisor(OneVersion(MemoryImages(files), version), StillClock(), silent)
spec = DeploymentSpec(approved_by="Neha Kapoor", classes={"lamp": ClassRule(min_recall=0.9, min_precision=0.9)})
report = advisor.readiness(model=BrightSquares(), spec=spec, calls=0)

print(report)
