"""What all tests share: the checkout, the folder of real data, a browser."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put the tests of the worker first: native code starts threads that stay, and beside threads nothing forks."""
    items.sort(key=lambda item: item.path.name != "test_worker.py")


@pytest.fixture(scope="session")
def root() -> Path:
    """Give the checkout."""
    return ROOT


@pytest.fixture(scope="session")
def shared() -> Path:
    """Give the folder of real vocabularies and broken files, which is no part of the project."""
    folder = Path(os.environ.get("KG_SHARED") or ROOT.parent / "shared")
    if not folder.is_dir():
        pytest.skip(f"the folder of real data is not at {folder}; KG_SHARED names another place")
    return folder


@pytest.fixture(scope="session")
def chromium() -> str:
    """Give a browser that draws without a screen."""
    found = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if found is None:
        # Whoever runs the whole check has to have it; .ci/run installs it.
        (pytest.fail if os.environ.get("CI") else pytest.skip)("no chromium on the PATH to draw with")
    return found
