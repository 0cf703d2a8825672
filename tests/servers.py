"""Real servers on loopback that a DVC remote can lie on, and how to reach their files from here."""

import asyncio
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest

WAIT_SECONDS = 30


@dataclass(frozen=True)
class Place:
    """A remote, and its files as the server has them."""

    url: str
    read: Callable[[], Mapping[str, bytes]]
    """The contents by path in the remote."""
    write: Callable[[str, bytes], None]
    settings: Mapping[str, str] = field(default_factory=dict)
    """Options of the remote: credentials among them."""
    push_url: str = ""
    """Where the author pushes, if the remote can only be read."""


def in_folder(folder: Path, url: str, settings: Mapping[str, str] | None = None, push_url: str = "") -> Place:
    """A remote whose files lie in a folder of this computer."""
    return Place(
        url,
        lambda: {path.relative_to(folder).as_posix(): path.read_bytes() for path in _files(folder)},
        lambda name, content: _replace(folder / name, content),
        settings or {},
        push_url,
    )


@contextmanager
def a_folder(home: Path) -> Iterator[Place]:
    yield in_folder(home / "disk", str(home / "disk"))


@contextmanager
def http(home: Path) -> Iterator[Place]:
    """Python's own web server: it reads files, and refuses to write."""
    folder = home / "site"
    folder.mkdir()
    command = [
        sys.executable,
        "-u",
        "-m",
        "http.server",
        "0",
        "--bind",
        "127.0.0.1",
        "--directory",
        str(folder),
    ]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as server:
        assert server.stdout is not None
        port = int(server.stdout.readline().split(" port ")[1].split()[0])
        try:
            yield in_folder(folder, f"http://127.0.0.1:{port}", push_url=str(folder))
        finally:
            server.terminate()


@contextmanager
def ssh(home: Path) -> Iterator[Place]:
    """An SSH server with file transfer, that lets in the holder of one key."""
    pytest.importorskip("dvc_ssh", reason="make test-slow installs it")
    import asyncssh

    folder, key = home / "served", asyncssh.generate_private_key("ssh-ed25519")
    folder.mkdir()
    key.write_private_key(home / "key")
    key.write_public_key(home / "authorized")

    async def serve() -> asyncssh.SSHAcceptor:
        return await asyncssh.listen(
            "127.0.0.1",
            0,
            server_host_keys=[asyncssh.generate_private_key("ssh-ed25519")],
            authorized_client_keys=str(home / "authorized"),
            sftp_factory=True,
        )

    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()
    server = asyncio.run_coroutine_threadsafe(serve(), loop).result(WAIT_SECONDS)
    try:
        url = f"ssh://examiner@127.0.0.1:{server.get_port()}{folder}"
        yield in_folder(folder, url, {"keyfile": str(home / "key")})
    finally:
        loop.call_soon_threadsafe(server.close)
        loop.call_soon_threadsafe(loop.stop)
        thread.join(WAIT_SECONDS)


@contextmanager
def s3(home: Path) -> Iterator[Place]:
    """moto's server of S3; it is large, so this runs only where somebody installed it."""
    moto = pytest.importorskip("moto.server", reason='not installed: pip install "moto[server]"')
    boto3 = pytest.importorskip("boto3")
    pytest.importorskip("dvc_s3", reason="make test-slow installs it")
    server = moto.ThreadedMotoServer(ip_address="127.0.0.1", port=0)
    server.start()
    host, port = server.get_host_and_port()
    endpoint, login = f"http://{host}:{port}", {"id": "examiner", "key": "of-no-account"}
    bucket = boto3.resource(
        "s3",
        endpoint_url=endpoint,
        region_name="us-east-1",
        aws_access_key_id=login["id"],
        aws_secret_access_key=login["key"],
    ).create_bucket(Bucket="thesis")
    names = {"endpointurl": endpoint, "access_key_id": login["id"], "secret_access_key": login["key"]}
    try:
        yield Place(
            "s3://thesis/artifacts",
            lambda: {
                one.key.removeprefix("artifacts/"): one.get()["Body"].read() for one in bucket.objects.all()
            },
            lambda name, content: bucket.put_object(Key=f"artifacts/{name}", Body=content),
            names,
        )
    finally:
        server.stop()


def _files(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


def _replace(path: Path, content: bytes) -> None:
    path.unlink(missing_ok=True)  # DVC leaves its files read-only
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(content)
