from tests.sdk.render import reports
from tests.sdk.render.reports import but
from vision_readiness.project.reported import ReportedFigures, ReportedRow
from vision_readiness.render import page_html

TOLD = ReportedFigures(
    "Roboflow",
    "training results",
    "dock/3",
    "valid",
    ReportedRow("all", {"mAP@50": 0.91, "recall": 0.88}),
    (ReportedRow("<b>person</b>", {"recall": 0.5}, 41),),
)


def test_reported_figures_are_shown_as_such():
    page = page_html(but(reports.no_model(), reported=TOLD))
    assert "Reported, not re-measured" in page
    assert "91\u00a0%" in page
    assert "&lt;b&gt;person&lt;/b&gt;" in page
    assert "<b>person</b>" not in page


def test_nothing_is_shown_where_nothing_is_reported():
    assert "Reported, not re-measured" not in page_html(reports.no_model())
