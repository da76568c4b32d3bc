from __future__ import annotations

import base64
from datetime import UTC, datetime, timedelta

import pytest
import standardwebhooks
from hypothesis import given
from hypothesis import strategies as st
from starlette.datastructures import Headers

from vision_readiness.deliveries import Delivery, Secret, SecretError, SignatureError, sign, verify, verify_token

NOW = datetime(2026, 11, 20, 12, 0, 0, tzinfo=UTC)
OLD, NEW = Secret(b"the secret of last year, long"), Secret(b"the secret of this year, long")
BODY = '{"type":"version.created","name":"Übergröße"}'.encode()
RAW = st.binary(max_size=200)
ANY_TEXT = st.text(st.characters(codec=None), max_size=80)  # type: ignore[arg-type]  # lone surrogates too


def text_of(secret):
    return "whsec_" + base64.b64encode(secret.key).decode()


def signed(secrets=NEW, body=BODY, at=NOW, **changed):
    headers = dict(sign(secrets, "evt_1", at, body))
    return headers | {name.replace("_", "-"): value for name, value in changed.items()}


def test_a_signed_delivery_is_shown_to_be_genuine():
    assert verify([NEW], signed(), BODY, now=NOW) == Delivery("evt_1", NOW, 0)


@given(
    st.binary(min_size=24, max_size=64), st.from_regex(r"[A-Za-z0-9_-]{1,128}", fullmatch=True), st.text(max_size=200)
)
def test_signatures_are_those_of_the_reference_library(key, name, body):
    theirs = standardwebhooks.Webhook(text_of(Secret(key))).sign(name, NOW.replace(tzinfo=None), body)
    ours = sign(Secret(key), name, NOW, body.encode())
    assert ours["webhook-signature"] == theirs
    assert verify([Secret(key)], ours | {"webhook-signature": theirs}, body.encode(), now=NOW).id == name


def test_the_reference_library_takes_what_is_signed_here():
    now = datetime.now(UTC)
    body = b'{"type":"version.created"}'
    told = standardwebhooks.Webhook(text_of(OLD)).verify(body, dict(sign([NEW, OLD], "evt_1", now, body)))
    assert told == {"type": "version.created"}


def test_either_end_may_change_its_secret_first():
    assert verify([NEW, OLD], signed(OLD), BODY, now=NOW).secret_index == 1
    assert verify([OLD], signed([NEW, OLD]), BODY, now=NOW).secret_index == 0
    assert verify([OLD, NEW], signed([NEW, OLD]), BODY, now=NOW).secret_index == 0


def test_every_secret_is_tried_with_every_signature(monkeypatch):
    compared = []
    compare = __import__("hmac").compare_digest
    monkeypatch.setattr("hmac.compare_digest", lambda a, b: compared.append((a, b)) or compare(a, b))
    verify([NEW, OLD], signed([NEW, OLD]), BODY, now=NOW)
    assert len(compared) == 4


@pytest.mark.parametrize("seconds", [-300, 300])
def test_clocks_may_be_five_minutes_apart(seconds):
    assert verify([NEW], signed(at=NOW + timedelta(seconds=seconds)), BODY, now=NOW).id == "evt_1"


@pytest.mark.parametrize("seconds", [-301, 301])
def test_and_not_a_second_more_either_way(seconds):
    with pytest.raises(SignatureError, match="clocks"):
        verify([NEW], signed(at=NOW + timedelta(seconds=seconds)), BODY, now=NOW)


@pytest.mark.parametrize(
    "changed",
    [{"webhook_id": value} for value in ("", "a.b", "a b", "é", "x" * 129, "evt_1\n", "evt_2")]
    + [{"webhook_timestamp": value} for value in ("", "1.5", "1e9", "-1", " 1", "0x1", "٣", "01", "9" * 12, "1\n")]
    + [{"webhook_signature": value} for value in (
        "", " ", "v1", "v1,", ",", "v1,a,b", "v1a,abc", "v2,abc", "v1,%%%", "v1,é", "x" * 9000, "v1,abc  v1,abc",
        " ".join(["v1," + "A" * 43 + "="] * 17), "v1," + "A" * 43 + "=", "v1\n," + "A" * 43 + "=")],
)  # fmt: skip
def test_anything_else_in_a_header_is_refused(changed):
    with pytest.raises(SignatureError):
        verify([NEW], signed(**changed), BODY, now=NOW)


@pytest.mark.parametrize("name", ["webhook-id", "webhook-timestamp", "webhook-signature"])
def test_each_header_must_be_there_once(name):
    headers = signed()
    twice = Headers(raw=[(key.encode(), value.encode()) for key, value in [*headers.items(), (name, headers[name])]])
    with pytest.raises(SignatureError, match=f"{name} came twice"):
        verify([NEW], twice, BODY, now=NOW)
    del headers[name]
    with pytest.raises(SignatureError, match=f"{name} is missing"):
        verify([NEW], headers, BODY, now=NOW)


def test_header_names_have_no_case_and_signatures_of_other_versions_are_passed_over():
    headers = {name.title(): value for name, value in signed().items()}
    headers["Webhook-Signature"] = "v1a,c29tZSBlZDI1NTE5 " + headers["Webhook-Signature"]
    assert verify([NEW], headers, BODY, now=NOW).id == "evt_1"


def test_without_a_secret_nothing_is_genuine():
    with pytest.raises(SignatureError):
        verify([], signed(), BODY, now=NOW)


@given(RAW)
def test_one_changed_byte_of_the_body_is_noticed(body):
    headers = signed(body=body)
    assert verify([NEW], headers, body, now=NOW)
    with pytest.raises(SignatureError):
        verify([NEW], headers, body + b"\n", now=NOW)


@given(st.dictionaries(st.one_of(st.sampled_from(["webhook-id", "webhook-timestamp", "webhook-signature"]), ANY_TEXT),
                       ANY_TEXT), RAW)  # fmt: skip
def test_whatever_comes_is_refused_in_one_way(headers, body):
    with pytest.raises(SignatureError):
        verify([NEW, OLD], headers, body, now=NOW)


@given(st.sampled_from(["webhook-id", "webhook-timestamp", "webhook-signature"]), ANY_TEXT)
def test_so_is_one_wrong_header_among_right_ones(name, value):
    if value != signed()[name]:
        with pytest.raises(SignatureError):
            verify([NEW], signed() | {name: value}, BODY, now=NOW)


def test_a_secret_is_read_padded_or_not_and_never_shown():
    shown = text_of(NEW)
    assert Secret.parse(shown) == Secret.parse(shown.rstrip("=")) == Secret.parse(f" {shown}\n") == NEW
    assert not [form for form in (repr(NEW), str(NEW), f"{NEW}") if "secret of" in form or shown[8:20] in form]


@pytest.mark.parametrize(
    "text",
    ["", "secret", "whsec_", "whsec_%%%%", "whsec_é", "whsec_" + base64.b64encode(b"x" * 23).decode(),
     "whsec_" + base64.b64encode(b"x" * 65).decode(), "whpk_" + base64.b64encode(b"x" * 32).decode(), "whsec_AAAAA"],
)  # fmt: skip
def test_a_secret_that_cannot_be_used_says_how_to_make_one(text):
    with pytest.raises(SecretError, match="openssl rand -base64 32") as refused:
        Secret.parse(text)
    assert len(text) < 20 or text[6:] not in str(refused.value)


def test_several_secrets_are_read_from_one_text():
    assert Secret.parse_all(f"{text_of(NEW)}, {text_of(OLD)}\n") == (NEW, OLD)
    with pytest.raises(SecretError, match="No webhook secret is set"):
        Secret.parse_all("  ")


@pytest.mark.parametrize(
    ("secrets", "name", "at"), [([], "a", NOW), (NEW, "a.b", NOW), (NEW, "", NOW), (NEW, "a", NOW.replace(tzinfo=None))]
)
def test_what_could_not_be_verified_is_not_signed(secrets, name, at):
    with pytest.raises(ValueError, match="aware timestamp"):
        sign(secrets, name, at, BODY)


@pytest.mark.parametrize("shown", ["rf_publishable", "Bearer rf_publishable", "bearer  rf_publishable"])
def test_a_token_is_known_bare_or_as_a_bearer(shown):
    assert verify_token(["other", "rf_publishable"], {"Authorization": shown}) == 1


@pytest.mark.parametrize(
    "headers",
    [{}, {"authorization": ""}, {"authorization": "Bearer "}, {"authorization": "Basic a"},
     {"authorization": "\ud800"}, {"authorization": "a", "Authorization": "a"}],
)  # fmt: skip
def test_any_other_token_is_refused(headers):
    with pytest.raises(SignatureError):
        verify_token(["a", ""], headers)
