"""The page over real HTTP: it answers its own tab, and no other name, site or path."""

import pytest

from tests.thesis.ask.fakes import reciting
from tests.thesis.ask.served import TYPED, served

pytest.importorskip("uvicorn")
OWN = ["127.0.0.1:{port}", "localhost:{port}", "[::1]:{port}", "LOCALHOST:{port}"]
FOREIGN = [
    "evil.example",
    "evil.example:{port}",
    "127.0.0.1.evil.example:{port}",
    "localhost.evil.example:{port}",
    "evil.example@127.0.0.1:{port}",
    "127.0.0.1",  # without the port, or with another: not this page
    "127.0.0.1:1",
    "0.0.0.0:{port}",
    "192.168.0.7:{port}",
    "",
]
ORIGINS = [
    "http://evil.example",
    "https://127.0.0.1:{port}",
    "http://127.0.0.1:1",
    "null",
    "127.0.0.1:{port}",
]


@pytest.fixture(scope="module")
def client(tmp_path_factory):
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(tmp_path_factory.mktemp("served"))
        with served(reciting()) as client:
            yield client


@pytest.mark.parametrize("host", OWN)
def test_its_own_names_are_answered(client, host):
    assert client.send("GET", "/", Host=host).status == 200
    assert client.send("POST", "/asked", TYPED, Host=host, Origin=f"http://{host}").status == 200


@pytest.mark.parametrize("host", FOREIGN)
@pytest.mark.parametrize(("method", "path"), [("GET", "/"), ("GET", "/page.js"), ("POST", "/asked")])
def test_foreign_names_are_refused(client, host, method, path):
    assert client.send(method, path, TYPED if method == "POST" else None, Host=host).status in (400, 403)


@pytest.mark.parametrize("origin", ORIGINS)
@pytest.mark.parametrize("action", ["", "/stop", "/save", "/undo"])
def test_foreign_origins_are_refused(client, origin, action):
    path = f"/asked/{client.ask()}{action}" if action else "/asked"
    assert client.send("POST", path, TYPED, Origin=origin).status == 403


@pytest.mark.parametrize(
    "path",
    [
        "/params.yaml",
        "/static/page.js",
        "/../params.yaml",
        "/%2e%2e/params.yaml",
        "/page.js/../../params.yaml",
        "//etc/passwd",
        "/asked/..%2f..%2fparams.yaml",
        "/docs",
        "/openapi.json",
    ],
)
def test_files_are_not_served(client, path):
    assert client.send("GET", path).status == 404


def test_nothing_is_taken_but_a_prompt(client):
    assert client.send("PUT", "/asked", TYPED).status == 405
    assert client.send("POST", "/", "x").status == 405
    for body in ["", "[]", "{", '{"text": "x"}', "\xff"]:
        assert client.send("POST", "/asked", body).status == 400


@pytest.mark.parametrize("path", ["/", "/page.js", "/nothing", "/asked/nothing"])
def test_every_answer_forbids_foreign_scripts_and_frames(client, path):
    headers = client.send("GET", path).headers
    policy = headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "script-src 'self'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy
    assert (headers["X-Content-Type-Options"], headers["Cache-Control"]) == ("nosniff", "no-store")
    assert "Access-Control-Allow-Origin" not in headers
