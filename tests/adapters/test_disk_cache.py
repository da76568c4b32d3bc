from __future__ import annotations

import multiprocessing
import pickle
import sqlite3
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from pathlib import Path

import pytest

from vision_readiness_adapters.disk_cache import FILE_NAME, DiskCache, Usage, default_folder


@pytest.fixture
def cache(tmp_path):
    cache = DiskCache(tmp_path / "new" / "folder")
    yield cache
    cache.close()


def test_what_was_put_is_there_for_the_next_run(cache):
    cache.put("key", b"\0value")
    cache.close()
    assert DiskCache(cache.folder).get("key") == b"\0value"
    assert cache.get("other") is None


def test_a_second_value_replaces_the_first(cache):
    cache.put("key", b"1")
    cache.put("key", b"2")
    assert cache.get("key") == b"2"
    assert cache.usage().entries == 1


def test_only_the_user_may_look_into_a_folder_it_made(cache):
    cache.put("key", b"1")
    assert cache.folder.stat().st_mode & 0o077 == 0


def test_the_oldest_entries_make_room_and_the_size_stays_bounded(tmp_path):
    cache = DiskCache(tmp_path, limit=200_000)
    for number in range(100):
        cache.put(str(number), bytes(10_000))
    assert (tmp_path / FILE_NAME).stat().st_size <= 200_000
    assert cache.get("0") is None
    assert cache.get("99") == bytes(10_000)
    assert 5 < cache.usage().entries < 20


def test_a_value_too_large_for_the_cache_pushes_nothing_out(tmp_path):
    cache = DiskCache(tmp_path, limit=200_000)
    cache.put("small", b"1")
    cache.put("large", bytes(20_001))
    assert cache.get("large") is None
    assert cache.get("small") == b"1"


def test_clearing_forgets_everything_and_gives_the_space_back(cache):
    for number in range(50):
        cache.put(str(number), bytes(10_000))
    before = cache.usage()
    cache.clear()
    after = cache.usage()
    assert (before.entries, after.entries, cache.get("1")) == (50, 0, None)
    assert before.bytes > 500_000
    assert after.bytes < 50_000


def test_looking_at_a_cache_that_does_not_exist_makes_none(cache):
    assert cache.usage() == Usage(0, 0)
    cache.clear()
    assert not cache.folder.exists()


@pytest.mark.parametrize("statement", ["UPDATE entries SET value = x'00'", "UPDATE entries SET value = 'text'"])
def test_a_damaged_entry_is_a_miss(cache, statement):
    cache.put("key", b"value")
    cache.close()
    db = sqlite3.connect(cache.folder / FILE_NAME)
    db.execute(statement)
    db.commit()
    db.close()
    assert cache.get("key") is None
    cache.put("key", b"value")
    assert cache.get("key") == b"value"


@pytest.mark.parametrize("garbage", [b"not a database " * 400, b"SQLite format 3\0" + b"\xff" * 8000])
def test_a_damaged_file_is_begun_anew(cache, garbage):
    cache.folder.mkdir(parents=True)
    (cache.folder / FILE_NAME).write_bytes(garbage)
    assert cache.get("key") is None
    cache.put("key", b"value")
    assert cache.get("key") == b"value"


def test_a_folder_that_cannot_be_made_turns_caching_off(tmp_path):
    (tmp_path / "file").write_bytes(b"")
    cache = DiskCache(tmp_path / "file" / "folder")
    cache.put("key", b"value")
    cache.clear()
    assert (cache.get("key"), cache.usage()) == (None, Usage(0, 0))


def test_a_file_that_is_a_folder_turns_caching_off(tmp_path):
    (tmp_path / FILE_NAME).mkdir()
    cache = DiskCache(tmp_path)
    cache.put("key", b"value")
    assert cache.get("key") is None


def test_threads_may_share_it(cache):
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda number: cache.put(str(number), b"%d" % number), range(200)))
        assert list(pool.map(lambda number: cache.get(str(number)), range(200))) == [b"%d" % n for n in range(200)]


@pytest.mark.parametrize("start", ["fork", "spawn"])
def test_processes_may_share_it(cache, start):
    cache.put("parent", b"was here first")
    values = {str(number): b"%d" % number for number in range(100)}
    with ProcessPoolExecutor(2, mp_context=multiprocessing.get_context(start)) as pool:
        list(pool.map(cache.put, values.keys(), values.values(), chunksize=10))
    assert {key: cache.get(key) for key in values} == values


def test_a_pickled_cache_opens_the_same_folder(cache):
    cache.put("key", b"value")
    twin = pickle.loads(pickle.dumps(cache))  # noqa: S301 - what was pickled a moment ago
    assert (twin.get("key"), twin.limit) == (b"value", cache.limit)
    assert repr(twin) == f"DiskCache({str(cache.folder)!r})"


@pytest.mark.parametrize(
    ("environment", "expected"),
    [
        ({"VISION_READINESS_CACHE": "/here", "XDG_CACHE_HOME": "/there"}, Path("/here")),
        ({"VISION_READINESS_CACHE": "", "XDG_CACHE_HOME": "/there"}, Path("/there/vision-readiness")),
        ({"XDG_CACHE_HOME": "relative"}, Path("~/.cache/vision-readiness").expanduser()),
        ({}, Path("~/.cache/vision-readiness").expanduser()),
    ],
)
def test_the_folder_is_the_one_the_environment_names(environment, expected):
    assert default_folder(environment) == expected


def test_a_user_without_a_home_does_without_a_cache(monkeypatch):
    def homeless():
        raise RuntimeError("Could not determine home directory.")

    monkeypatch.setattr(Path, "home", homeless)
    cache = DiskCache(default_folder({}))
    cache.put("key", b"value")
    assert cache.get("key") is None


def test_without_a_folder_the_environment_is_asked(tmp_path, monkeypatch):
    monkeypatch.setenv("VISION_READINESS_CACHE", str(tmp_path))
    assert DiskCache().folder == tmp_path
