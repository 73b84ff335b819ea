"""The pages of the other roles, looked at in both themes and widths."""

import pytest

from tests.browser.driving import walking

PAGES = {
    "focal_point": ("/state", "/state/officers/upload", "/reports", "/reports/afghan-opiates"),
    "trainer": ("/author", "/author/afghan-opiates"),
    "coordinator": ("/reports", "/reports/afghan-opiates", "/reports/afghan-opiates?state=GE"),
    "administrator": (
        "/admin/health",
        "/admin/roles",
        "/admin/roles/rights",
        "/admin/roles/grant?q=nino",
        "/account",
        "/account/factor",
        "/account/password",
        "/account/sessions",
    ),
    "auditor": ("/reports", "/reports/afghan-opiates"),
}


@pytest.mark.browser
@pytest.mark.parametrize(("width", "theme"), [(1280, "dark"), (390, "light"), (320, "light")])
def test_the_pages_of_every_role_are_accessible(chromium, fresh_demo, width, theme):
    for role, paths in PAGES.items():
        with walking(chromium, fresh_demo, width=width, scripts=True, theme=theme) as walk:
            walk.sign_in(role)
            walk.look("landing")
            for path in paths:
                walk.go(path)
                walk.look(path)
                assert walk.page.locator("h1").inner_text() != "Page not found", (role, path)
            walk.verify_clean()
