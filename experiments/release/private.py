"""What no release may hold: base weights, secrets, and what is private."""

import json
import re
from collections.abc import Iterator, Mapping

SECRETS: Mapping[str, str] = {
    "a Hugging Face token": r"\bhf_[A-Za-z0-9]{30,}",
    "an AWS access key": r"\b(?:AKIA|ASIA)[A-Z0-9]{16}\b",
    "a GitHub token": r"\b(?:gh[pousr]_[A-Za-z0-9]{36}|github_pat_[A-Za-z0-9_]{50,})",
    "a GitLab token": r"\bglpat-[A-Za-z0-9_-]{20,}",
    "a key of OpenAI or Anthropic": r"\bsk-(?:[A-Za-z]+-)*[A-Za-z0-9_-]{32,}",
    "a Google key": r"\bAIza[A-Za-z0-9_-]{35}",
    "a Slack token": r"\bxox[abprs]-[A-Za-z0-9-]{10,}",
    "a PyPI token": r"\bpypi-[A-Za-z0-9_-]{50,}",
    "a JSON web token": r"\beyJ[A-Za-z0-9_-]{10,}\.eyJ[A-Za-z0-9_-]{10,}\.[A-Za-z0-9_-]{10,}",
    "a private key": r"-----BEGIN (?:[A-Z]+ )*PRIVATE KEY-----",
    "a password in an address": r"\b[a-z][a-z0-9+]+://[^\s/:@\"'<>{}$]+:[^\s/:@\"'<>{}$]+@",
    "a password in a configuration": (
        r"(?im)^[ \t]*(?:password|passphrase|sas_token|account_key|client_secret|secret_access_key|"
        r"aws_secret_access_key|access_key_id|session_token|connection_string|keyfile)"
        r"[ \t]*=[ \t]*[\w+/.=~:-]+[ \t]*$"
    ),
}
"""Patterns by what they find."""
PRIVATE: Mapping[str, str] = {
    "a path in somebody's home folder": r"(?:/Users/|/home/|\b[A-Z]:\\{1,2}Users\\{1,2})[A-Za-z0-9._-]+",
    "a chat export": r'"(?:chat_messages|current_node|safeHtmlItem)"\s*:',
}
ALL = {**SECRETS, **PRIVATE}
PDF = b"%PDF-"
LORA = re.compile(r"\.lora_")


def secrets_in(text: str) -> Iterator[str]:
    """What was found and in which line, without the secret itself.

    >>> list(secrets_in("a\\nhf_" + 32 * "x"))
    ['line 2: a Hugging Face token']
    """
    yield from _found(text, SECRETS)


def unfit(content: bytes) -> list[str]:
    """Reasons why an object may not be published; [] if it may.

    Text, PDF figures and LoRA's matrices may be, nothing else: no other kind of file is ever an output.
    """
    if content.startswith(PDF):
        return [*_found(content.decode("latin-1"), ALL)]
    header = _safetensors_header(content)
    if header is not None:
        tensors = [name for name in header if name != "__metadata__"]
        weights = [f"holds {name}, which is no matrix of LoRA" for name in tensors if not LORA.search(name)]
        return [*weights, *_found(json.dumps(header.get("__metadata__", {})), ALL)]
    try:
        return [*_found(content.decode(), ALL)]
    except UnicodeDecodeError:
        return ["is neither text, nor PDF, nor safetensors"]


def _found(text: str, patterns: Mapping[str, str]) -> Iterator[str]:
    for name, pattern in patterns.items():
        for match in re.finditer(pattern, text):
            yield f"line {text.count(chr(10), 0, match.start()) + 1}: {name}"


def _safetensors_header(content: bytes) -> dict[str, object] | None:
    """Header of a safetensors file; None if the bytes are none."""
    length = int.from_bytes(content[:8], "little")
    if content[8:9] != b"{" or 8 + length > len(content):
        return None
    try:
        header = json.loads(content[8 : 8 + length])
    except ValueError:
        return None
    return header if isinstance(header, dict) else None
