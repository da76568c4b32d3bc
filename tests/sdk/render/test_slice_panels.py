from dataclasses import replace

from tests.sdk.render import reports
from tests.sdk.render.reports import but
from tests.sdk.render.test_depth import section, words
from vision_readiness.render.html import page_html
from vision_readiness.render.markdown import markdown_text
from vision_readiness.render.slice_panels import CAUTION, search_words, slice_rows

SEARCH = (
    "48 slices of the test images were tried, each with a class and a figure; 6 looked weak on one half of the images, "
    "and 1 slice is confirmed by the other half."
)


def test_a_weak_slice_is_told_with_sample_intervals_and_what_was_tried():
    report = reports.blocked()
    (row,) = slice_rows(report)
    there, elsewhere = "41 of 71 (48–67 %)", "26 of 29 (78–96 %)"
    assert row.cells == ("forklift", "found", "lighting night", there, elsewhere, "-32 points (-43.0 to -17.0 points)")
    assert search_words(report.errors.weak_slices) == SEARCH
    page, text = words(section(page_html(report), "slices")), markdown_text(report)
    for said in (SEARCH, there, elsewhere, CAUTION):
        assert said in page
        assert said.replace("-", "\\-") in text or said in text.replace("\\", "")


def test_a_search_that_found_nothing_says_how_much_it_tried():
    report = reports.blocked()
    none = but(report, weak_slices=replace(report.errors.weak_slices, found=()))
    said = (
        "48 slices of the test images were tried, each with a class and a figure; none is surely weaker than the rest."
    )
    assert said in words(section(page_html(none), "slices"))
    assert slice_rows(none) == ()


def test_nothing_is_said_where_nothing_was_searched():
    html = page_html(but(reports.blocked(), weak_slices=None))
    assert 'id="slices"' not in html
    assert "weaker than elsewhere" not in markdown_text(but(reports.blocked(), weak_slices=None))
