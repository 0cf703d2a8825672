"""The page over real HTTP: it answers its own tab, and no other name, site or path."""

import http.client
import json
import socket

import pytest

from tests.thesis.ask.fakes import reciting

JOIN = "/gradio_api/queue/join?__theme=light"


@pytest.fixture(scope="module")
def port(tmp_path_factory):
    pytest.importorskip("gradio")
    from thesis.ask.web.serving import launched

    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port = int(found.getsockname()[1])
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(tmp_path_factory.mktemp("served"))
        server = launched(reciting(), port, in_browser=False)
        yield port
        server.close(verbose=False)


def status(port, method="GET", path="/", body=None, **headers):
    """The status of a request; `Host` as given, or the page's own."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
    headers = {"Host": f"127.0.0.1:{port}", "Content-Type": "application/json"} | headers
    connection.request(method, path, body, {name: value.format(port=port) for name, value in headers.items()})
    found = connection.getresponse().status
    connection.close()
    return found


@pytest.mark.parametrize("host", ["127.0.0.1:{port}", "localhost:{port}", "[::1]:{port}", "LOCALHOST:{port}"])
def test_its_own_names_are_answered(port, host):
    assert status(port, Host=host) == 200
    assert status(port, path="/config", Host=host, Origin=f"http://{host}") == 200


@pytest.mark.parametrize(
    "host",
    [
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
    ],
)
@pytest.mark.parametrize(("method", "path"), [("GET", "/"), ("GET", "/config"), ("POST", JOIN)])
def test_foreign_names_are_refused(port, host, method, path):
    assert status(port, method, path, "{}" if method == "POST" else None, Host=host) in (400, 403)


@pytest.mark.parametrize(
    "origin",
    ["http://evil.example", "https://127.0.0.1:{port}", "http://127.0.0.1:1", "null", "127.0.0.1:{port}"],
)
@pytest.mark.parametrize("path", [JOIN, "/gradio_api/cancel"])
def test_foreign_origins_are_refused(port, origin, path):
    assert status(port, "POST", path, "{}", Origin=origin) == 403


def test_a_press_of_save_reaches_the_page_from_its_own_origin_alone(port):
    press = json.dumps({"data": [[], []], "fn_index": 0, "session_hash": "abc"})
    assert status(port, "POST", JOIN, press, Origin="http://127.0.0.1:{port}") == 200
    assert status(port, "POST", JOIN, press, Origin="http://evil.example") == 403


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("POST", "/gradio_api/upload"),
        ("POST", "/gradio_api/upload/"),
        ("POST", "//gradio_api/upload"),
        ("POST", "/gradio_api/%75pload"),
        ("POST", "/upload"),
        ("GET", "/gradio_api/upload_progress?upload_id=1"),
        ("GET", "/gradio_api/file=/etc/passwd"),
        ("GET", "/gradio_api/file=http://evil.example/"),
        ("GET", "/gradio_api/file/etc/passwd"),
        ("GET", "/gradio_api/proxy=http://evil.example/"),
        ("POST", "/gradio_api/component_server"),
        ("POST", "/gradio_api/process_recording"),
        ("POST", "/gradio_api/call/keep"),
        ("POST", "/gradio_api/vibe-edit"),
        ("GET", "/monitoring"),
        ("GET", "/assets/%2e%2e/%2e%2e/params.yaml"),
        ("GET", "/static/..%2fgradio_api/upload"),
        ("GET", "/svelte/..%5c..%5cparams.yaml"),
        ("GET", "/gradio_api/custom_component/a/client/component/..%2f..%2fx"),
    ],
)
def test_uploads_and_files_are_refused(port, method, path):
    assert status(port, method, path, "{}" if method == "POST" else None) == 403
