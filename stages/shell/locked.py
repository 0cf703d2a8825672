"""requirements.lock: the versions that results were made with."""

import re
from importlib.metadata import PackageNotFoundError, version

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version


def locked_versions(text: str) -> dict[str, str]:
    """Pins of a lock whose markers fit this Python and system.

    >>> locked_versions("typer==0.29.0\\nappnope==0.1.4 ; sys_platform == 'cp/m'\\n")
    {'typer': '0.29.0'}
    """
    found = {}
    for line in text.splitlines():
        if line.strip() and not line.lstrip().startswith(("#", "-")):
            pin = Requirement(line)
            if pin.marker is None or pin.marker.evaluate():
                found[canonicalize_name(pin.name)] = next(iter(pin.specifier)).version
    return {str(name): version for name, version in found.items()}


def same_version(there: str, locked: str) -> bool:
    """Whether two versions are equal apart from the local build's name: 2.13.0+cpu is 2.13.0."""
    return Version(re.sub(r"\+.*", "", there)) == Version(locked)


def installed_version(name: str) -> str | None:
    """None if the package is not installed."""
    try:
        return version(name)
    except PackageNotFoundError:
        return None
