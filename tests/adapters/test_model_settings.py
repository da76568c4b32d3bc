import pytest

from vision_readiness.errors import ModelError
from vision_readiness.predict.settings import ModelSettings
from vision_readiness.project import Resize
from vision_readiness_adapters.model_settings import settings_for


@pytest.mark.parametrize(
    ("suffix", "text"),
    [(".yaml", "resize: letterbox"), (".yml", "resize: letterbox"), (".json", '{"resize": "letterbox"}')],
)
def test_the_file_beside_the_model_is_found(tmp_path, suffix, text):
    (tmp_path / "best").with_suffix(suffix).write_text(text)
    assert settings_for(tmp_path / "best.onnx") == ModelSettings(resize=Resize.LETTERBOX)


def test_without_a_file_nothing_is_said(tmp_path):
    assert settings_for(tmp_path / "best.onnx") == ModelSettings()


def test_a_named_file_must_hold_settings(tmp_path):
    (tmp_path / "results.json").write_text('{"mAP": 0.9}')
    with pytest.raises(ModelError, match="unknown key 'mAP'"):
        settings_for(tmp_path / "best.onnx", tmp_path / "results.json")


@pytest.mark.parametrize("content", [b"\xff\xfe\x00", b"a: &a [*a]", b"{" * 5000, b"!!python/object:os.system {}"])
def test_hostile_files_are_one_line(tmp_path, content):
    (tmp_path / "s.yaml").write_bytes(content)
    with pytest.raises(ModelError) as caught:
        settings_for(tmp_path / "best.onnx", tmp_path / "s.yaml")
    assert "\n" not in str(caught.value)


def test_a_large_file_is_refused_unread(tmp_path):
    (tmp_path / "s.yaml").write_bytes(b" " * 1_000_001)
    with pytest.raises(ModelError, match="too large"):
        settings_for(tmp_path / "best.onnx", tmp_path / "s.yaml")
