"""The panels that explain the figures: what errors cost, what scores mean, what other thresholds would do."""

from __future__ import annotations

import re
from dataclasses import replace

from tests.sdk.render import reports
from tests.sdk.render.parts import costs, score_bins
from tests.sdk.render.reports import but
from vision_readiness.evaluate.costs import CostlyImage
from vision_readiness.evaluate.error_kinds import REMEDIES, ErrorKind
from vision_readiness.evaluate.slice_costs import SliceCost, SliceCosts
from vision_readiness.guide.risks import Risk, RiskLevel
from vision_readiness.render.card import card_text
from vision_readiness.render.error_panels import (
    coco_rows,
    error_costs,
    failing,
    failing_words,
    failure_map,
    image_words,
    left_out_words,
    weak_cells,
)
from vision_readiness.render.html import MOST_CHARTS, MOST_LISTED, page_html
from vision_readiness.render.markdown import markdown_text
from vision_readiness.render.phrases import subject_words
from vision_readiness.render.score_panels import score_panels, threshold_panels
from vision_readiness.requirement import Metric


def section(html: str, name: str) -> str:
    start = html.index(f'id="{name}"')
    return html[start : html.index("</section>", start)]


def words(html: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]*>", " ", html)).replace("\u00a0", " ")


def test_the_dearest_errors_lead_and_the_rest_is_folded():
    part = section(page_html(reports.blocked()), "errors")
    assert part.count("<tr>") == 1 + len(costs("a", "b", "c")) + 1 + 2 + len(failure_map(reports.blocked()).rows)
    assert words(part).index("0.100") < words(part).index("0.067")
    assert f"{18 - MOST_LISTED} more" in words(part)


def test_errors_too_small_to_speak_of_are_left_out():
    report = reports.blocked()
    small = replace(report.errors.costs[0], delta_ap50=0.0004)
    assert error_costs(but(report, costs=(*report.errors.costs[:2], small))) == report.errors.costs[:2]


def test_what_goes_wrong_is_counted_by_class_and_situation():
    found = failure_map(reports.blocked())
    night = found.rows["forklift"][found.columns["lighting"].index("night")]
    assert failing_words(night) == ("30 of 71 missed", "30 of 71 wrong")
    assert 0.4 < failing(night) < 0.43
    assert failing(None) == 0
    assert "30 of 71 missed" in words(section(page_html(reports.blocked()), "errors"))


def weak_at_night(kind: ErrorKind, gain: float) -> SliceCost:
    return SliceCost("forklift", "lighting", "night<b>", 0.41, 0.72, kind, gain, REMEDIES[kind])


def test_what_costs_most_where_a_class_is_weak_is_told_with_what_mends_it_and_what_is_left_out():
    costs = (weak_at_night(ErrorKind.MISSED, 0.3), weak_at_night(ErrorKind.DUPLICATE, 0.1))
    report = but(reports.blocked(), slice_costs=SliceCosts(costs, too_few=3, no_weaker=1, beyond=0))
    assert weak_cells(report) == costs[:1]
    html = page_html(report)
    said = words(section(html, "errors"))
    assert f"lighting night&lt;b&gt; 0.410 0.720 Missed 0.300 {REMEDIES[ErrorKind.MISSED]}" in said
    assert "Left out: 1 cell no weaker than the class, 3 cells with too few labelled images to tell." in said
    assert "Weakest in lighting night&lt;b&gt; , where most is lost to this: missed (0.300 of AP50)" in words(
        section(html, "why")
    )


def test_nothing_is_left_out_where_nothing_was_looked_at():
    assert left_out_words(reports.blocked()) == ""
    assert "where a class is weak" not in page_html(reports.blocked())


def test_the_two_risks_are_named_with_what_makes_them_so_large_and_on_which_images():
    risks = {
        "coverage_risk": Risk(RiskLevel.HIGH, "Nothing <b> at night."),
        "latency_risk": Risk(RiskLevel.LOW, "Fast."),
    }
    report = but(reports.blocked(), **risks, evaluation={"leak_free_test_images": 40})
    part = words(section(page_html(report), "field"))
    assert "Coverage risk High. Nothing &lt;b&gt; at night." in part
    assert "Latency risk Low. Fast." in part
    tested = sum(row.images for row in report.data.splits if row.split == "test")
    assert f"Everything is computed on 40 leak-free test images; {tested - 40:,} leaked ones left out." in part


def test_classes_without_errors_are_not_in_the_failure_map():
    report = reports.blocked()
    clean = tuple(
        replace(cell, recall=replace(cell.recall, value=1.0), precision=replace(cell.precision, value=1.0))
        for cell in report.figures.coverage
    )
    assert failure_map(but(report, coverage=clean)) is None
    assert failure_map(but(report, coverage=())) is None


def test_images_are_listed_with_their_errors():
    assert image_words(CostlyImage("a.jpg", 3, 1, 2)) == "3 missed, 1 false alarm, 2 confused"
    part = words(section(page_html(reports.blocked()), "errors"))
    assert part.index("dock-2/img_0231.jpg 3 missed, 1 false alarm") < part.index("dock-1/img_0007.jpg")


def test_every_class_has_its_sentence_about_a_score_and_its_sample():
    part = words(section(page_html(reports.blocked()), "scores"))
    for label in ("person", "forklift", "pallet"):
        assert f"Of 1,480 {label} answers scored 0.80–0.90, 1,100 were right." in part


def test_other_thresholds_are_told_in_numbers_too():
    part = section(page_html(reports.blocked()), "thresholds")
    assert part.count('<th scope="row" class="num">') == 3 * 11
    assert "65 % (59–71 %)" in words(part)
    assert "Asked for: recall 95 %, precision 80 %." in words(part)


def test_the_class_that_fails_is_explained_first():
    report = reports.blocked()
    assert next(panel.label for panel in threshold_panels(report)) == "forklift"
    assert next(panel.label for panel in score_panels(report)) == "forklift"
    assert threshold_panels(report)[0].floors == {Metric.RECALL: 0.9, Metric.PRECISION: 0.8}


def test_of_sixty_classes_most_are_folded():
    html = page_html(reports.hostile())
    for name in ("thresholds", "scores"):
        part = section(html, name)
        before = part[: part.index('<details class="drawer">')]
        assert before.count('class="depth-card"') == MOST_CHARTS
        assert part.count('class="depth-card"') == 60


def test_a_report_without_a_model_has_none_of_these_panels():
    html = page_html(reports.no_model())
    assert not re.search(r'id="(errors|thresholds|scores)"|href="#(errors|thresholds|scores)"', html)


def test_a_classifier_has_scores_and_no_sweeps():
    html = page_html(but(reports.blocked(), sweeps={}, costs=(), kept_thresholds=()))
    assert 'id="thresholds"' not in html
    assert 'id="scores"' in html
    assert 'id="errors"' in html


def test_cocos_figures_are_named_with_why_others_differ():
    rows = dict(coco_rows(reports.blocked()))
    assert len(rows) == 12
    assert (rows["AP50"], rows["AP, small"]) == ("0.710", "none there")
    part = words(section(page_html(reports.blocked()), "details"))
    assert "about 0.015 higher in AP" in part
    assert "AP, IoU 0.50–0.95 0.412" in part
    assert coco_rows(but(reports.blocked(), evaluation={"coco": "nothing"})) == ()


def test_the_markdown_holds_the_dearest_errors_and_the_scores_that_mislead():
    text = markdown_text(reports.blocked()).partition("### What errors cost most")[2]
    assert text.count("\n| person | ") + text.count("\n| forklift | ") + text.count("\n| pallet | ") == 5
    assert "| person | wrong class | 0.100 |" in text
    assert "less than the score says." in text
    true = tuple(replace(one, mean_score=one.right / one.answers) for one in score_bins("person"))
    assert "do not mean what they say" not in markdown_text(but(reports.blocked(), calibration=true))


def test_without_a_target_it_is_said_that_none_is_named():
    report = but(reports.ready(), target={})
    assert subject_words(report) == "acme/warehouse-packages/3, no target device is named"
    assert "for No target" not in card_text(report) + markdown_text(report)
    assert "acme/warehouse-packages/3, no target device is named" in card_text(report)
    assert subject_words(reports.ready()).startswith("acme/warehouse-packages/3 for Jetson Orin Nano · 2 cameras")


def test_thresholds_that_keep_a_rate_are_told_with_their_price_and_their_refusal():
    report = reports.blocked()
    page, text = words(section(page_html(report), "thresholds")), markdown_text(report)
    assert "forklift all images precision 95 % 0.615 190 of 195" in page
    assert "61 of 66 (87–97 %) recall" in page
    assert "No threshold is proven to give a precision of 0.95." in page
    assert "| forklift | all images | precision 95 % | 0.615 | 61 of 66 (87–97 %) | recall |" in text
    without = but(report, kept_thresholds=())
    assert "Chosen to keep a rate" not in page_html(without)
    assert "to keep a rate" not in markdown_text(without)
