"""Where files are kept: on the disk, and in a bucket that speaks S3."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from io import BytesIO
from pathlib import Path

import httpx2
import pytest
from moto.server import ThreadedMotoServer

from guide.media.bucket import BucketStore
from guide.media.cabinet import Cabinet
from guide.media.signatures import Kind
from guide.media.store import DiskStore, Store
from tests.media import samples

BUCKET = "museum"
KEYS = {
    "AWS_ACCESS_KEY_ID": "nobody",
    "AWS_SECRET_ACCESS_KEY": "nothing",
    "AWS_REGION": "us-east-1",
    "AWS_ALLOW_HTTP": "true",
}


@pytest.fixture(scope="module")
def bucket_server() -> Iterator[str]:
    server = ThreadedMotoServer("127.0.0.1", 0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    yield f"http://{host}:{port}"
    server.stop()


@pytest.fixture(params=["disk", "bucket"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Store:
    if request.param == "disk":
        return DiskStore(tmp_path / "media")
    endpoint: str = request.getfixturevalue("bucket_server")
    environment: pytest.MonkeyPatch = request.getfixturevalue("monkeypatch")
    for name, value in {**KEYS, "AWS_ENDPOINT": endpoint}.items():
        environment.setenv(name, value)
    name = f"{BUCKET}-{tmp_path.name.replace('_', '-').lower()}"[:60].rstrip("-")
    httpx2.put(f"{endpoint}/{name}").raise_for_status()
    return BucketStore(f"s3://{name}/guide")


def test_a_file_is_kept_read_in_parts_and_removed(store: Store, tmp_path: Path) -> None:
    (tmp_path / "work").mkdir()
    cabinet = Cabinet(tmp_path / "work", store, reserve=0)
    kept = cabinet.take_in(Kind.RECORDING, BytesIO(samples.mp3(3)))
    again = cabinet.take_in(Kind.RECORDING, BytesIO(samples.mp3(3)))
    whole = b"".join(store.read(kept.hash, kept.made.name, 0, kept.bytes))

    assert again.hash == kept.hash
    assert store.size(kept.hash, kept.made.name) == kept.bytes == len(whole)
    assert store.size(kept.hash, "other.mp3") is None
    assert store.size("0" * 64, kept.made.name) is None
    assert b"".join(store.read(kept.hash, kept.made.name, 10, 20)) == whole[10:30]
    ((hash_, put),) = store.kept()
    assert hash_ == kept.hash
    assert abs(put - datetime.now(UTC)) < timedelta(minutes=5)
    store.remove(kept.hash)
    assert list(store.kept()) == []
    assert store.size(kept.hash, kept.made.name) is None
    store.remove(kept.hash)


def test_a_picture_is_kept_with_all_its_copies(store: Store, tmp_path: Path) -> None:
    (tmp_path / "work").mkdir()
    cabinet = Cabinet(tmp_path / "work", store, reserve=0)

    kept = cabinet.take_in(Kind.PICTURE, BytesIO(samples.picture()))

    for width in kept.made.widths:
        for ending in ("avif", "webp", "jpg"):
            assert store.size(kept.hash, f"{width}.{ending}")
