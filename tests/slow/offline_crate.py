"""Validate an RO-Crate without a network: python offline_crate.py FOLDER CACHE

Run by the Python of an environment of its own (`tests/validators.txt`), because roc-validator needs an
older rich than we do. The validator reads the two JSON-LD contexts that a crate names from its HTTP cache.
This puts them there: the one of RO-Crate 1.1, as rocrate 0.14.2 carries it, and the terms of the
workflow-run vocabulary.
"""

import io
import json
import subprocess
import sys
from importlib.resources import files
from pathlib import Path

TERMS = "https://w3id.org/ro/terms/workflow-run"
NAMES = (
    "ParameterConnection", "ContainerImage", "DockerImage", "SIFImage", "connection", "sourceParameter",
    "targetParameter", "md5", "sha1", "sha256", "sha512", "environment", "registry", "tag", "containerImage",
    "resourceUsage",
)  # fmt: skip


def contexts() -> dict[str, str]:
    """The contexts by address."""
    terms = {"@context": {name: f"{TERMS}#{name}" for name in NAMES}}
    base = (files("rocrate") / "data/ro-crate.jsonld").read_text("utf-8")
    return {"https://w3id.org/ro/crate/1.1/context": base, f"{TERMS}/context": json.dumps(terms)}


def fill(cache: str, texts: dict[str, str]) -> None:
    """Put texts into the validator's cache, as if they had been fetched."""
    from requests.adapters import HTTPAdapter
    from requests_cache import CachedSession
    from urllib3 import HTTPResponse

    class Stored(HTTPAdapter):
        def send(self, request, *_, **__):
            body, headers = io.BytesIO(texts[request.url].encode()), {"Content-Type": "application/ld+json"}
            found = HTTPResponse(body, headers, status=200, preload_content=False, request_url=request.url)
            return self.build_response(request, found)

    with CachedSession(cache, backend="sqlite", expire_after=-1) as session:
        session.mount("https://", Stored())
        for url in texts:
            session.get(url)


if __name__ == "__main__":
    crate, cache = sys.argv[1:]
    fill(cache, contexts())
    command = Path(sys.executable).with_name("rocrate-validator")
    options = ["--offline", "--cache-path", cache, "--output-format", "json", "--no-paging"]
    sys.exit(subprocess.run([command, "-y", "validate", *options, crate], check=False).returncode)
