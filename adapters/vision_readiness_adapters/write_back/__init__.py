"""Results written back to Roboflow: the ``Publisher`` port over the typed client, resumable and safe to repeat."""

from vision_readiness_adapters.write_back.captured import captured_images
from vision_readiness_adapters.write_back.publisher import RoboflowPublisher, open_publisher

__all__ = ["RoboflowPublisher", "captured_images", "open_publisher"]
