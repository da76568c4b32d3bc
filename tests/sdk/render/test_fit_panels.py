from __future__ import annotations

import pytest

from tests.sdk.render import reports
from tests.sdk.render.reports import but
from vision_readiness.evidence.split_fit import SplitFit
from vision_readiness.render.card import card_text
from vision_readiness.render.fit_panels import fit_rows, fit_words
from vision_readiness.render.markdown import markdown_text

WIDE = SplitFit("forklift", "recall", 0.99, 0.84, 0.8, 300, 90, 100, 0.19, 0.12, 0.26, 0.1)
NARROW = SplitFit("person", "recall", 0.97, 0.96, 0.95, 800, 200, 400, 0.02, -0.01, 0.05, 0.1)
FEW = SplitFit("person", "precision", 0.97, None, 0.5, 30, 0, 4, 0.47, None, None, 0.1)
NOTHING = SplitFit("pallet", "precision", None, None, None, 0, 0, 0, None, None, None, 0.1)
SAID = (
    "1 of 4 figures is surely over 10 points lower on test than on train; "
    "widest: recall of forklift, 99 % on train and 80 % on test."
)


def fitted(*fits):
    return but(reports.ready(), split_fits=fits)


def test_the_card_says_how_much_is_known_by_heart():
    assert SAID in " ".join(card_text(fitted(NOTHING, FEW, NARROW, WIDE)).split())
    assert "on train" not in card_text(reports.ready())


def test_the_markdown_holds_the_three_figures_with_their_samples_and_the_gap():
    text = markdown_text(fitted(WIDE, NOTHING)).replace("\\", "")
    row = "| forklift | found | 99 % of 300 | 84 % of 90 | 80 % of 100 | +19 points (+12.0 to +26.0 points) | wide |"
    assert row in text
    assert "| pallet | right when it answers | – | – | – | not known | not proven |" in text
    assert "Memorised training data" not in markdown_text(reports.ready())


@pytest.mark.parametrize(("fit", "verdict"), [(WIDE, "wide"), (NARROW, "narrow"), (FEW, "not proven")])
def test_a_gap_is_wide_or_narrow_only_when_its_whole_interval_is(fit, verdict):
    assert fit_rows(fitted(fit))[0][-1] == verdict


def test_what_nothing_is_known_of_has_no_widest_gap():
    assert fit_words(fitted(NOTHING)) == "0 of 1 figure are surely over 10 points lower on test than on train."
    assert fit_words(reports.ready()) is None
