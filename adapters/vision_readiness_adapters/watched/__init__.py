"""What ``vision-readiness watch`` looks at, where it remembers, and the door it knocks at."""

from vision_readiness_adapters.watched.door import HttpDoor
from vision_readiness_adapters.watched.folders import WatchedFolder
from vision_readiness_adapters.watched.opening import open_watched
from vision_readiness_adapters.watched.roboflow_projects import WatchedRoboflow
from vision_readiness_adapters.watched.watermark_file import WatermarkFile

__all__ = ["HttpDoor", "WatchedFolder", "WatchedRoboflow", "WatermarkFile", "open_watched"]
