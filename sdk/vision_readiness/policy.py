"""The limits that are not the user's to set per project: how much is enough, how much is too much."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """Every limit a check or a decision compares with; shares are 0 to 1.

    ``alpha`` is the level of each one-sided bound. Fewer than ``min_groups`` source images holding a class prove
    nothing; an average precision decides only from ``min_images_for_ap`` test images.
    """

    alpha: float = 0.05
    min_groups: int = 20
    min_images_for_ap: int = 800
    enough_training_objects: int = 500
    few_training_objects: int = 100
    min_test_images: int = 50
    min_valid_images: int = 30
    max_class_imbalance: float = 25.0
    max_empty_share: float = 0.5
    max_unreadable_share: float = 0.0
    max_left_out_share: float = 0.02
    max_poor_quality_share: float = 0.05
    max_lookalike_share: float = 0.05
    max_parent_loss: float = 0.02
    max_parent_loss_critical: float = 0.05
    max_unanswered_share: float = 0.01
    max_train_gap: float = 0.10
