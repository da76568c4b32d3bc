"""Words for Slack, on a change of state only, and without a single customer image.

The service does this by itself for a workspace with `slack_variable`. Here is how to send it from your own code.
"""

import json
import os

import httpx

from vision_readiness import Advisor
from vision_readiness.render.slack import slack_message
from vision_readiness_adapters.bundled_projects import BLOCKED, bundled_workspace

report = Advisor.connect(str(bundled_workspace() / BLOCKED)).readiness()
state_before = "ready"  # whatever you kept of the last report

if report.readiness_state != state_before:
    message = slack_message(report, url="https://readiness.acme.example/report", previous_state=state_before)
    print(json.dumps(message, indent=1))
    if url := os.environ.get("SLACK_WEBHOOK_URL"):
        httpx.post(url, json=message).raise_for_status()
