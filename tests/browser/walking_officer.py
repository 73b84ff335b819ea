"""The officer's whole way: from the catalogue to the certificate and its check page."""

from lms.content.values import Quiz
from tests.browser.driving import Walk, course_from_files, take_quiz

SLUG = "synthetic-drugs"


def walk_to_the_certificate(walk: Walk) -> None:
    """Take a place in an open course, do all of it, download the certificate, check its code."""
    page = walk.page
    walk.go("/courses")
    walk.look("catalogue, signed out")
    course = course_from_files(SLUG)
    walk.press(f"main a[href='/courses/{SLUG}']")
    walk.look("course, signed out")
    walk.sign_in("officer", then=f"/courses/{SLUG}")
    walk.look("course, without a place")
    walk.press("main button.go")
    for unit in course.units():
        walk.go(f"/courses/{SLUG}/{unit.key}")
        if isinstance(unit, Quiz):
            take_quiz(walk, course, unit)
        else:
            walk.look("lesson")
            walk.press("main button.go")
    look_around(walk)
    walk.go("/certificates")
    walk.look("certificates")
    walk.press(f"main h2 a:has-text('{course.title}')")
    walk.look("certificate")
    code = page.locator(".cert .code").inner_text()
    with page.expect_download() as download:
        page.click("main a.btn.go")
    assert download.value.path().read_bytes().startswith(b"%PDF-")
    walk.go(f"/verify/{code.lower()}")
    walk.look("check page, valid")
    assert "This certificate is valid" in page.locator("h2").first.inner_text()
    assert course.title in page.locator("main").inner_text()


def look_around(walk: Walk) -> None:
    """The officer's other pages, and those that everybody has."""
    for path, kind in (
        ("/learning", "dashboard"),
        (f"/courses/{SLUG}", "course, completed"),
        (f"/courses/{SLUG}/glossary", "glossary"),
        ("/courses/international-co-operation", "course, not begun"),
        ("/courses/afghan-opiates/final-assessment", "locked"),
        ("/courses/afghan-opiates/leave", "leave"),
        ("/account/display", "display"),
        ("/courses?q=precursor&subject=drugs", "catalogue, filtered"),
        ("/courses?q=xyzzy", "catalogue, empty"),
        ("/help", "help"),
        ("/accessibility", "accessibility"),
        ("/privacy", "privacy"),
        ("/terms", "terms"),
        ("/verify", "check page"),
        ("/ru/verify", "check page in Russian"),
    ):
        walk.go(path)
        walk.look(kind)
    first = course_from_files(SLUG).modules[0].slug
    walk.go(f"/courses/{SLUG}/{first}")
    walk.look("module")
