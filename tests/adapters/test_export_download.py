from __future__ import annotations

import hashlib
import io
import os
import stat
import subprocess
import sys
import threading
import zipfile
from dataclasses import replace
from pathlib import Path

import httpx
import pytest
import respx

from tests.adapters.served import LINK, Broken, Served, cut, linked, packed, resumable, said
from vision_readiness.errors import InputError
from vision_readiness.project import VersionId
from vision_readiness.roboflow import RoboflowClient
from vision_readiness.roboflow.errors import (
    DeadlineError,
    NoAnswerError,
    ServerFailedError,
    UnreadableAnswerError,
)
from vision_readiness_adapters.errors import DamagedArchiveError, DownloadError
from vision_readiness_adapters.export_download import (
    ExportStore,
    Limits,
    Wanted,
    clear_exports,
    fetch_export,
    kept_exports,
    store_folder,
)
from vision_readiness_adapters.export_download.file_lock import file_lock
from vision_readiness_adapters.progress_bar import ProgressBar, Quiet
from vision_readiness_adapters.roboflow_http import LiveTransport
from vision_readiness_adapters.roboflow_settings import Secret, Settings

EXPORT = "/acme/dock/3/coco"
WANTED = Wanted(VersionId("acme", "dock", 3), "coco", "stamp", {"id": "acme/dock/3"})
NOISE = b"".join(hashlib.sha256(bytes([n])).digest() for n in range(256))
FILES = {
    "README.dataset.txt": "a dock",
    "train/_annotations.coco.json": '{"images": []}',
    "train/a.jpg": NOISE,
    "test/b.jpg": NOISE[::-1],
}
ZIP = packed(FILES)


@pytest.fixture
def store(tmp_path):
    return ExportStore(tmp_path / "store")


def fetched(served, store, wanted=WANTED, **limits):
    return fetch_export(served.client(), wanted, store, Quiet(), **limits)


def left_over(store):
    """What an interrupted run left behind: files in the way in, half-written images, a folder of the version."""
    incoming = list((store.root / "incoming").glob("*")) if store.root.exists() else []
    return [*incoming, *store.root.rglob(".*[!n]"), *store.exports.rglob("*")]


def test_an_export_is_a_folder_with_its_files_and_the_settings_of_the_version(store):
    served = Served({EXPORT: linked()}, [Broken(ZIP)])
    folder = fetched(served, store)
    assert folder == store.root / "exports/acme/dock/3"
    found = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}
    assert found == {*FILES, "version.json", ".manifest.json"}
    assert (folder / "test/b.jpg").read_bytes() == FILES["test/b.jpg"]
    assert not list((store.root / "incoming").iterdir())


def test_the_second_time_nothing_is_asked_for(store):
    fetched(Served({EXPORT: linked()}, [Broken(ZIP)]), store)
    offline = Served({})
    assert fetched(offline, store).is_dir()
    assert offline.sent == []


def test_another_version_of_the_number_another_format_and_a_damaged_folder_are_fetched_anew(store):
    folder = fetched(Served({EXPORT: linked()}, [Broken(ZIP)]), store)
    assert store.kept(WANTED) == folder
    assert store.kept(replace(WANTED, stamp="later")) is None
    assert store.kept(replace(WANTED, format="folder")) is None
    (folder / "train/a.jpg").unlink()
    assert store.kept(WANTED) is None
    fetched(Served({EXPORT: linked()}, [Broken(ZIP)]), store)
    assert store.kept(WANTED) == folder
    (folder / ".manifest.json").write_text("[1")
    assert store.kept(WANTED) is None


def test_a_second_version_writes_only_the_images_that_are_new(store):
    first = fetched(Served({EXPORT: linked()}, [Broken(ZIP)]), store)
    more = packed({**FILES, "test/c.jpg": b"new", "valid/again.jpg": NOISE})
    wanted = replace(WANTED, version=VersionId("acme", "dock", 4))
    second = fetched(Served({"/acme/dock/4/coco": linked()}, [Broken(more)]), store, wanted)
    kept = [path for path in (store.root / "images").rglob("*") if path.is_file()]
    assert len(kept) == 3
    inodes = {(folder / "train/a.jpg").stat().st_ino for folder in (first, second)}
    assert inodes == {(second / "valid/again.jpg").stat().st_ino}
    assert not (first / "train/a.jpg").stat().st_mode & stat.S_IWUSR


def test_without_hard_links_images_are_copied(store, monkeypatch):
    def refuses(self, target):
        raise OSError(1, "no hard links here")

    monkeypatch.setattr(Path, "hardlink_to", refuses)
    folder = fetched(Served({EXPORT: linked()}, [Broken(ZIP)]), store)
    assert (folder / "train/a.jpg").read_bytes() == NOISE


def test_an_export_that_is_being_built_is_awaited_with_growing_pauses(store):
    building = [said({"progress": share}, 202) for share in (None, 0.4, 1.48)]
    served = Served({EXPORT: [*building, linked()]}, [Broken(ZIP)])
    fetched(served, store)
    assert served.asked(EXPORT) == 4
    assert served.now == pytest.approx(1 + 1.5 + 2.25)


def test_an_export_that_is_never_built_ends_at_the_deadline_and_says_how_far_it_came(store):
    served = Served({EXPORT: said({"progress": 0.9875}, 202)})
    with pytest.raises(DeadlineError, match=r"acme/dock/3 in 10 minutes, which stands at 99 %.*corrupted image"):
        fetched(served, store, within_seconds=600)
    assert served.now <= 600
    assert served.asked(EXPORT) < 80
    assert not left_over(store)


def test_an_answer_without_a_link_is_not_waited_for(store):
    with pytest.raises(UnreadableAnswerError, match="without a link"):
        fetched(Served({EXPORT: said({"export": {"format": "coco"}})}), store)


def test_a_connection_that_is_reset_goes_on_where_it_broke_off(store):
    server = resumable(ZIP)
    served = Served({EXPORT: linked()}, [cut(ZIP[:3000], **server_headers()), server])
    folder = fetched(served, store)
    first, second = served.downloads()
    assert "Range" not in first.headers
    assert second.headers["Range"] == "bytes=3000-"
    assert (folder / "train/a.jpg").read_bytes() == NOISE
    assert served.asked(EXPORT) == 2  # each time with a fresh link


def server_headers():
    return {"etag": f'"{hashlib.sha256(ZIP).hexdigest()[:8]}"', "content_length": str(len(ZIP))}


def test_a_file_that_changed_meanwhile_is_begun_anew(store):
    served = Served({EXPORT: linked()}, [cut(ZIP[:3000], etag='"older"'), resumable(ZIP)])
    fetched(served, store)
    assert served.downloads()[1].headers["If-Range"] == '"older"'


def test_a_download_goes_on_as_long_as_every_connection_brings_more(store):
    whole = resumable(ZIP)

    def brings_little(request):
        answer = whole(request)
        return Broken(answer.body[:900], answer.status, answer.headers, NoAnswerError("reset"))

    served = Served({EXPORT: linked()}, [brings_little])
    assert fetched(served, store).is_dir()
    assert len(served.downloads()) == -(-len(ZIP) // 900)


@pytest.mark.parametrize("headers", [{}, {"etag": 'W/"weak"'}])
def test_what_cannot_be_named_surely_is_not_resumed(store, headers):
    served = Served({EXPORT: linked()}, [cut(ZIP[:3000], **headers), Broken(ZIP)])
    fetched(served, store)
    assert "Range" not in served.downloads()[1].headers


def test_a_range_from_elsewhere_is_not_joined(store):
    wrong = Broken(ZIP[10:], 206, {"content-range": f"bytes 10-{len(ZIP) - 1}/{len(ZIP)}", "etag": '"x"'})
    served = Served({EXPORT: linked()}, [cut(ZIP[:3000], etag='"x"'), wrong, resumable(ZIP)])
    assert fetched(served, store).is_dir()


def test_a_body_shorter_than_promised_is_asked_for_again(store):
    short = Broken(ZIP[:3000], 200, {"content-length": str(len(ZIP))})
    served = Served({EXPORT: linked()}, [short, Broken(ZIP)])
    assert fetched(served, store).is_dir()


def test_a_body_cut_short_in_silence_is_noticed_when_it_is_opened(store):
    served = Served({EXPORT: linked()}, [Broken(ZIP[:3000]), Broken(ZIP)])
    assert fetched(served, store).is_dir()


@pytest.mark.parametrize("status", [400, 401, 403, 404, 410, 416])
def test_a_link_that_is_over_is_replaced_by_a_fresh_one(store, status):
    fresh = linked("https://storage.example/other.zip?key=2")
    over = Broken(b"<Error><Code>AccessDenied</Code></Error>", status)
    served = Served({EXPORT: [linked(), fresh]}, [over, Broken(ZIP)])
    assert fetched(served, store).is_dir()
    assert [request.path for request in served.downloads()] == [LINK, "https://storage.example/other.zip?key=2"]


@pytest.mark.parametrize(
    ("answer", "error", "match"),
    [
        (cut(ZIP[:3000]), NoAnswerError, "reset"),
        (Broken(ZIP[:3000]), DamagedArchiveError, "cut short"),
        (Broken(b"no such key", 404), DownloadError, r"refused \(404\), fresh ones too"),
        (Broken(b"oops", 500), ServerFailedError, "500"),
        (Broken(b"<!doctype html><title>Sign in</title>"), DamagedArchiveError, "a web page, 'Sign in'"),
        (Broken(b"<?xml version='1.0'?><Error><Code>NoSuchKey</Code>"), DamagedArchiveError, "NoSuchKey"),
        (Broken(b'{"error": "export expired"}'), DamagedArchiveError, "export expired"),
        (Broken(b""), DamagedArchiveError, "it is empty"),
        (Broken(b"", 200, {"content-length": "0"}), DamagedArchiveError, "it is empty"),
        (Broken(b"PK\3"), DamagedArchiveError, "not an archive"),
    ],
)
def test_what_goes_on_failing_is_one_clear_error_and_leaves_nothing(store, answer, error, match):
    served = Served({EXPORT: linked()}, [answer])
    with pytest.raises(error, match=match) as raised:
        fetched(served, store)
    assert "l1nk" not in str(raised.value)
    assert len(served.downloads()) < 20
    assert not left_over(store)
    assert fetched(Served({EXPORT: linked()}, [Broken(ZIP)]), store).is_dir()


def damaged(data):
    """``data`` with the middle of its first image changed, so that its checksum is wrong."""
    at = data.index(NOISE[100:110])
    return data[:at] + b"##########" + data[at + 10 :]


def test_bytes_that_are_not_those_that_were_packed_are_noticed(store):
    stored = packed(FILES, zipfile.ZIP_STORED)
    with pytest.raises(DamagedArchiveError, match=r"train/a\.jpg"):
        fetched(Served({EXPORT: linked()}, [Broken(damaged(stored))]), store)
    assert not left_over(store)
    assert fetched(Served({EXPORT: linked()}, [Broken(damaged(stored)), Broken(stored)]), store).is_dir()


def with_entry(name, data=b"x", mode=None, **attributes):
    """An archive with one more entry, of any name and kind."""
    buffer = io.BytesIO(ZIP)
    with zipfile.ZipFile(buffer, "a") as archive:
        info = zipfile.ZipInfo("placeholder")
        info.filename = info.orig_filename = name
        if mode is not None:
            info.external_attr = mode << 16
        for attribute, value in attributes.items():
            setattr(info, attribute, value)
        archive.writestr(info, data)
    return buffer.getvalue()


@pytest.mark.parametrize(
    ("archive", "match"),
    [
        (with_entry("../../evil.jpg"), "not inside the folder"),
        (with_entry("/etc/evil.jpg"), "not inside the folder"),
        (with_entry("C:\\evil.jpg"), "not inside the folder"),
        (with_entry("..\\evil.jpg"), "not inside the folder"),
        (with_entry("train/link.jpg", b"/etc/passwd", stat.S_IFLNK | 0o777), "a link or a device"),
        (with_entry("train/pipe.jpg", b"", stat.S_IFIFO | 0o644), "a link or a device"),
        (with_entry("train/a.jpg/below.jpg"), "kept"),
        (with_entry("train/bomb.json", b" " * 40_000_000, compress_type=zipfile.ZIP_DEFLATED), "unpack to"),
        (with_entry("train/large.jpg", b" " * 3_000_000, compress_type=zipfile.ZIP_DEFLATED), "would have"),
        (with_entry("train/c.jpg", b"abc", compress_type=zipfile.ZIP_BZIP2), "unusual way"),
    ],
)
def test_an_archive_that_would_do_harm_is_refused_whole(tmp_path, archive, match):
    store = ExportStore(tmp_path / "store", Limits(image_bytes=2_000_000))
    served = Served({EXPORT: linked()}, [Broken(archive)])
    with pytest.raises(DownloadError, match=match):
        fetched(served, store)
    assert len(served.downloads()) == 1
    assert not left_over(store)
    assert [path.name for path in tmp_path.iterdir()] == ["store"]


def test_a_name_that_stands_twice_is_refused(store):
    with pytest.warns(UserWarning, match="Duplicate name"):
        twice = with_entry("train/a.jpg")
    with pytest.raises(DownloadError, match="names a file twice"):
        fetched(Served({EXPORT: linked()}, [Broken(twice)]), store)


@pytest.mark.parametrize(
    ("limits", "match"),
    [
        (Limits(entries=3), "it holds 4 files"),
        (Limits(directory_bytes=100), "list of files alone"),
        (Limits(archive_bytes=5000), "is above 0 MB"),
        (Limits(unpacked_bytes=9000), "would unpack to"),
    ],
)
def test_limits_hold(tmp_path, limits, match):
    store = ExportStore(tmp_path / "store", limits)
    with pytest.raises(DownloadError, match=match):
        fetched(Served({EXPORT: linked()}, [Broken(ZIP)]), store)
    assert not left_over(store)


def test_models_specifications_and_hidden_files_stay_in_the_archive(store):
    odd = {
        "model.onnx": b"x",
        "spec.yaml": "approved_by: me",
        "run.py": "",
        ".manifest.json": "{}",
        "__MACOSX/a.jpg": "",
    }
    folder = fetched(Served({EXPORT: linked()}, [Broken(packed({**FILES, **odd}))]), store)
    names = {path.name for path in folder.rglob("*")}
    assert not names & {"model.onnx", "spec.yaml", "run.py", "__MACOSX"}
    assert store.kept(WANTED) == folder


def test_an_archive_without_any_image_or_label_is_no_export(store):
    with pytest.raises(DamagedArchiveError, match="no image and no annotation"):
        fetched(Served({EXPORT: linked()}, [Broken(packed({"run.py": "x"}))]), store)


def test_an_interruption_leaves_no_half_export(store):
    served = Served({EXPORT: linked()}, [Broken(ZIP[:3000], error=KeyboardInterrupt())])
    with pytest.raises(KeyboardInterrupt):
        fetched(served, store)
    assert not left_over(store)


def test_what_a_crash_left_is_cleared_away(store):
    incoming = store.root / "incoming"
    (incoming / "acme+dock+3.zip.unpacked" / "train").mkdir(parents=True)
    (incoming / "acme+dock+3.zip").write_bytes(b"PK half")
    fetched(Served({EXPORT: linked()}, [Broken(ZIP)]), store)
    assert not list(incoming.iterdir())


def test_a_folder_that_cannot_be_written_is_one_clear_error(tmp_path):
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(DownloadError, match="VISION_READINESS_CACHE"):
        fetched(Served({EXPORT: linked()}, [Broken(ZIP)]), ExportStore(tmp_path / "file"))


@pytest.mark.parametrize("name", ["../evil", "a b", "", "x" * 300, "a\0b"])
def test_a_name_that_is_no_slug_names_no_folder(store, name):
    with pytest.raises(InputError, match="not a version on Roboflow"):
        store.folder(VersionId("acme", name, 3))


def test_what_is_kept_can_be_weighed_and_cleared_away(tmp_path):
    environment = {"VISION_READINESS_CACHE": str(tmp_path)}
    assert kept_exports(environment) == (0, 0)
    store = ExportStore(store_folder("https://api.roboflow.com", environment))
    fetched(Served({EXPORT: linked()}, [Broken(ZIP)]), store)
    exports, size = kept_exports(environment)
    assert exports == 1
    assert 2 * len(NOISE) < size < 3 * len(NOISE)  # each image once, though two names lead to it
    clear_exports(environment)
    assert kept_exports(environment) == (0, 0)


def test_two_at_once_download_once(store):
    served = Served({EXPORT: linked()}, [Broken(ZIP)])
    threads = [threading.Thread(target=fetched, args=(served, store)) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(served.downloads()) == 1


def test_a_lock_holds_between_processes_and_goes_with_them(tmp_path):
    code = (
        "import sys\nfrom pathlib import Path\n"
        "from vision_readiness_adapters.export_download.file_lock import file_lock\n"
        "with file_lock(Path(sys.argv[1])): print('held', flush=True); sys.stdin.read()"
    )
    command = [sys.executable, "-c", code, str(tmp_path / "lock")]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as other:  # noqa: S603 - our own
        assert other.stdout.readline().strip() == b"held"
        with pytest.raises(DownloadError, match="Another process"), file_lock(tmp_path / "lock", 0.0):
            raise AssertionError
        other.kill()
    with file_lock(tmp_path / "lock", 5.0):
        assert os.path.exists(tmp_path / "lock")  # noqa: PTH110 - a plain look


class Steps:
    """A progress that counts."""

    def __init__(self):
        self.seen = {}

    def track(self, items, what):
        for place, item in enumerate(items, start=1):
            self.seen[what] = place
            yield item


def test_progress_is_shown_for_all_that_takes_long_and_held_to_the_whole(store):
    steps = Steps()
    served = Served({EXPORT: [said({"progress": 0.5}, 202), said({"progress": 1.98}, 202), linked()]}, [resumable(ZIP)])
    fetch_export(served.client(), WANTED, store, steps)
    assert steps.seen == {
        "Roboflow builds acme/dock/3": 100,
        "downloading acme/dock/3": 100,
        "unpacking acme/dock/3": 4,
    }


def test_a_bar_on_the_terminal_is_taken_away_again(store, capsys):
    served = Served({EXPORT: said({"progress": 0.5}, 202)})
    with pytest.raises(DeadlineError):
        fetch_export(served.client(), WANTED, store, ProgressBar(), within_seconds=5)
    fetch_export(Served({EXPORT: linked()}, [Broken(ZIP)]).client(), WANTED, store, ProgressBar())
    assert capsys.readouterr().out == ""


@pytest.fixture
def live(monkeypatch):
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "http_proxy", "https_proxy", "all_proxy"):
        monkeypatch.delenv(name, raising=False)
    with LiveTransport(Settings(key=Secret("Zq9vEryS3cretKey"))) as transport:
        monkeypatch.setattr(transport, "sleep", lambda _: None)
        yield RoboflowClient(transport)


class Cutting(httpx.SyncByteStream):
    """A body that breaks off."""

    def __init__(self, data):
        self.data = data

    def __iter__(self):
        yield self.data
        raise httpx.ReadError("reset by peer")


@respx.mock
def test_over_http_a_reset_download_is_resumed_and_the_link_gets_no_key(live, store):
    respx.get("https://api.roboflow.com/acme/dock/3/coco").respond(json={"export": {"format": "coco", "link": LINK}})

    def answer(request):
        asked = request.headers.get("range")
        if asked is None:
            return httpx.Response(200, headers={"etag": '"e"'}, stream=Cutting(ZIP[:2000]))
        assert (asked, request.headers["if-range"]) == ("bytes=2000-", '"e"')
        span = f"bytes 2000-{len(ZIP) - 1}/{len(ZIP)}"
        return httpx.Response(206, headers={"etag": '"e"', "content-range": span}, content=ZIP[2000:])

    route = respx.get(url__startswith="https://storage.example/export.zip").mock(side_effect=answer)
    assert (fetch_export(live, WANTED, store, Quiet()) / "train/a.jpg").read_bytes() == NOISE
    assert all("authorization" not in call.request.headers for call in route.calls)


@respx.mock
def test_over_http_a_link_may_send_on_and_need_no_length(live, store):
    respx.get("https://api.roboflow.com/acme/dock/3/coco").respond(json={"export": {"format": "coco", "link": LINK}})
    respx.get("https://storage.example/export.zip").respond(302, headers={"location": "https://bucket.example/x.zip"})
    respx.get("https://bucket.example/x.zip").respond(stream=iter([ZIP[:2], ZIP[2:]]))
    assert fetch_export(live, WANTED, store, Quiet()).is_dir()


@respx.mock
def test_over_http_no_error_shows_the_key_or_the_link(live, store):
    respx.get("https://api.roboflow.com/acme/dock/3/coco").respond(json={"export": {"format": "coco", "link": LINK}})
    respx.get("https://storage.example/export.zip").mock(side_effect=httpx.ConnectError("no route to key=l1nk"))
    with pytest.raises(NoAnswerError) as raised:
        fetch_export(live, WANTED, store, Quiet())
    assert "l1nk" not in str(raised.value)
    assert "Zq9vEryS3cretKey" not in str(raised.value)
