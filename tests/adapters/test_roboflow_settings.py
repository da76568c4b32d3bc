from __future__ import annotations

import json
import pickle

import pytest

from vision_readiness.errors import InputError
from vision_readiness_adapters.roboflow_settings import Secret, Settings, default_workspace, read_settings

LOGIN = {
    "workspaces": {"a": {"url": "acme", "apiKey": "of-acme"}, "b": {"url": "other", "apiKey": "of-other"}, "c": None},
    "RF_WORKSPACE": "acme",
}


@pytest.fixture
def config(tmp_path):
    path = tmp_path / "config.json"
    path.write_text(json.dumps(LOGIN))
    return path


def key(**given):
    found = read_settings(**given).key
    return None if found is None else found.reveal()


def test_the_key_of_the_environment_goes_before_the_file(config):
    assert key(environment={"ROBOFLOW_API_KEY": " k \n"}, config=config) == "k"


def test_the_file_knows_a_key_for_each_workspace_and_one_by_default(config):
    assert key(workspace="other", environment={}, config=config) == "of-other"
    assert key(workspace="unknown", environment={}, config=config) == "of-acme"
    assert default_workspace({}, config) == "acme"


def test_the_file_is_found_where_roboflow_keeps_it(config):
    assert key(environment={"ROBOFLOW_CONFIG_DIR": str(config)}) == "of-acme"


@pytest.mark.parametrize(
    "damage",
    [
        "",
        "{",
        "[]",
        '{"workspaces": [1]}',
        '{"workspaces": {"a": {"url": 1}}}',
        '{"workspaces": {"a": {"url": "acme", "apiKey": 3}}, "RF_WORKSPACE": "acme"}',
    ],
)
def test_a_damaged_file_says_nothing(config, damage):
    config.write_text(damage)
    assert key(environment={}, config=config) is None


def test_no_file_and_no_home_say_nothing(tmp_path):
    assert key(environment={}, config=tmp_path / "none.json") is None
    assert key(environment={}) is None


def test_addresses_come_from_the_environment_then_the_region():
    assert read_settings(environment={"API_URL": "http://localhost:8000/"}).api_url == "http://localhost:8000"
    both = {"API_URL": "https://sdk.test", "ROBOFLOW_API_URL": "https://ours.test"}
    assert read_settings(environment=both).api_url == "https://ours.test"
    assert read_settings(environment={"ROBOFLOW_REGION": "EU"}).inference_url == "https://serverless.roboflow.eu"
    assert read_settings(environment={"ROBOFLOW_REGION": "mars"}).api_url == "https://api.roboflow.com"


@pytest.mark.parametrize(
    "url", ["api.roboflow.com", "ftp://x", "https://", "https://[", "https://u:p@x", "https://x?a=1", "https://x:y"]
)
def test_an_address_that_is_none_is_refused(url):
    with pytest.raises(InputError, match="ROBOFLOW_API_URL"):
        Settings(api_url=url)


def test_a_key_does_not_travel_in_clear_text():
    with pytest.raises(InputError, match="clear text"):
        Settings(api_url="http://api.example.com", key=Secret("k"))
    for near in ("http://127.0.0.1:1", "http://localhost", "http://fake:8000", "http://10.0.0.3", "http://[::1]:1"):
        assert Settings(api_url=near, key=Secret("k")).api_url == near
    assert Settings(api_url="http://api.example.com").key is None


@pytest.mark.parametrize("value", ["", " ", "a\nb", "a b", "ключ", "a\x00b"])
def test_a_key_that_no_header_carries_is_refused_and_not_shown(value):
    with pytest.raises(InputError, match="copy it again") as caught:
        Secret(value)
    assert not value.strip() or value not in str(caught.value)


def test_a_secret_is_not_shown_and_can_be_handed_to_a_worker():
    secret = Secret("s3cret")
    assert "s3cret" not in f"{secret} {secret!r} {Settings(key=secret)!r}"
    assert pickle.loads(pickle.dumps(secret)) == secret  # noqa: S301 - our own
    assert secret != Secret("other")
