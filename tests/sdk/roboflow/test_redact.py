from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vision_readiness.roboflow.redact import plain, redact

KEYS = st.text("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-", min_size=12, max_size=40).map(
    "Zq9".__add__
)


@pytest.mark.parametrize(
    "text",
    ["https://api.roboflow.com/?api_key=s3cret&x=1", '{"error": {"key": "s3cret"}}', "{'api_key': 's3cret'}",
     "Authorization: Bearer s3cret", "https://x/?X-Goog-Signature=s3cret", '{"key":"s3c\\"s3cret', "?KEY=s3cret"],
)  # fmt: skip
def test_what_a_name_gives_away_is_hidden(text):
    assert "s3cret" not in redact(text)


def test_what_is_no_secret_stays():
    text = '{"name": "monkey=1", "keys": 3, "id": "rf_public", "tags": ["key"]}'
    assert redact(text) == text


@given(KEYS, st.text(max_size=30), st.text(max_size=30))
def test_a_known_secret_is_hidden_wherever_it_stands(key, before, after):
    assert key not in redact(before + key + after, [key])


@given(KEYS)
def test_json_stays_json(key):
    body = {"key": key, "link": f"https://app.roboflow.com/ds/1?key={key}", "version": 3}
    read = json.loads(redact(json.dumps(body)))
    assert read == {"key": "redacted", "link": "https://app.roboflow.com/ds/1?key=redacted", "version": 3}


@given(st.text())
def test_plain_text_is_one_printable_line(text):
    shown = plain(text, 50)
    assert len(shown) <= 50
    assert shown == "" or shown.isprintable()
