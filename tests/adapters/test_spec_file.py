import pytest

from vision_readiness.errors import SpecError
from vision_readiness_adapters.spec_file import MAX_BYTES, open_spec, open_waivers


def put(path, text):
    path.write_text(text, encoding="utf-8")
    return path


def test_a_file_is_read_with_what_it_extends_beside_it(tmp_path):
    put(tmp_path / "company.yaml", "classes: {person: {min_recall: 0.9}}")
    spec = open_spec(put(tmp_path / "dock.yaml", "extends: company.yaml\napproved_by: Neha"))
    assert spec.approved_by == "Neha"
    assert spec.classes["person"].min_recall == 0.9


def test_an_error_names_the_file(tmp_path):
    with pytest.raises(SpecError, match=r"^dock\.yaml: unknown key `aproved_by`"):
        open_spec(put(tmp_path / "dock.yaml", "aproved_by: Neha"))
    put(tmp_path / "company.yaml", "aproved_by: Neha")
    with pytest.raises(SpecError, match=r"^company\.yaml: unknown key"):
        open_spec(put(tmp_path / "dock.yaml", "extends: company.yaml"))


def test_a_spec_that_extends_itself_is_a_circle_however_it_is_written(tmp_path):
    put(tmp_path / "dock.yaml", "extends: dock.yaml")
    with pytest.raises(SpecError, match="circle"):
        open_spec(tmp_path / "dock.yaml")
    put(tmp_path / "dock.yaml", "extends: ./dock.yaml")
    with pytest.raises(SpecError, match="circle"):
        open_spec(tmp_path / "dock.yaml")
    put(tmp_path / "dock.yaml", f"extends: ../{tmp_path.name}/dock.yaml")
    with pytest.raises(SpecError, match="circle"):
        open_spec(tmp_path / "dock.yaml")


@pytest.mark.parametrize("name", ["nowhere.yaml", ".", "a" * 300])
def test_a_file_that_cannot_be_read_is_one_line(tmp_path, name):
    with pytest.raises(SpecError, match="check its name") as caught:
        open_spec(tmp_path / name)
    assert "\n" not in str(caught.value)


def test_a_name_with_a_nul_is_one_line(tmp_path):
    with pytest.raises(SpecError):
        open_spec(put(tmp_path / "dock.yaml", 'extends: "a\\0b"'))


def test_a_file_no_person_wrote_is_refused(tmp_path):
    with pytest.raises(SpecError, match="too large"):
        open_spec(put(tmp_path / "dock.yaml", "#" * (MAX_BYTES + 1)))


def test_text_in_another_encoding_is_refused(tmp_path):
    (tmp_path / "dock.yaml").write_bytes("approved_by: Müller".encode("latin-1"))
    with pytest.raises(SpecError, match="UTF-8"):
        open_spec(tmp_path / "dock.yaml")


def test_waivers_are_read_from_a_file(tmp_path):
    path = put(
        tmp_path / "w.yaml", "[{code: MODEL401, subject: person, person: Neha, reason: pilot, expires: 2026-12-31}]"
    )
    assert open_waivers(path)[0].person == "Neha"
    with pytest.raises(SpecError, match=r"^w\.yaml"):
        open_waivers(put(tmp_path / "w.yaml", "[{code: MODEL401}]"))
