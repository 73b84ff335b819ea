"""The officer's way on a phone: with and without scripts, in both themes."""

import pytest

from tests.browser.driving import walking
from tests.browser.walking_officer import walk_to_the_certificate

WIDTH = 390


@pytest.mark.browser
@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no scripts"])
def test_an_officer_goes_from_the_catalogue_to_the_certificate(
    chromium, fresh_demo, scripts, theme
):
    with walking(chromium, fresh_demo, width=WIDTH, scripts=scripts, theme=theme) as walk:
        walk_to_the_certificate(walk)
        walk.verify_clean()
