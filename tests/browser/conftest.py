"""The demo, for the tests that look at pages as people do."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.browser.driving import Demo, running_demo


@pytest.fixture(scope="session")
def demo_data(tmp_path_factory: pytest.TempPathFactory, chromium: Browser) -> Path:
    """The data folder of a demo that was started once, to begin each walk from the same state."""
    folder = tmp_path_factory.mktemp("demo")
    with running_demo(folder / "data", folder / "log"):
        pass
    return folder / "data"


@pytest.fixture
def fresh_demo(demo_data: Path, tmp_path: Path) -> Iterator[Demo]:
    """A demo of its own, with passwords of its own."""
    shutil.copytree(demo_data, tmp_path / "data")
    with running_demo(tmp_path / "data", tmp_path / "log") as demo:
        yield demo
