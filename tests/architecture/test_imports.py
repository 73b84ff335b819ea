"""The layout, as a law: which room may know which other, read from every import."""

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

LMS = Path(__file__).parents[2] / "lms"
BASE = {"database", "clock", "storage", "jobs", "mail"}
MAY_IMPORT = {
    "rules": set(),
    "content": {"rules"},
    "models": {"rules"},
    "deeds": {"rules", "content", "models"},
    "database": {"models"},
    "storage": set(),
    "translations": set(),
    "clock": set(),
    "jobs": {"clock", "database"},
    "mail": set(),
    "web": {"rules", "content", "models", "database", "clock", "translations"},
    "features": {"rules", "content", "models", "deeds", "web"} | BASE,
}
WITHOUT_THE_WEB = ("rules", "content", "models", "deeds")
THE_WEB = ("flask", "werkzeug", "wtforms", "jinja2", "babel")
FEATURES = sorted(
    one.name for one in (LMS / "features").iterdir() if (one / "__init__.py").exists()
)
# Where HTML is trusted, and why.
MARKUP = {
    "lms/app.py": "the filter for HTML that content/rendering.py made",
    "lms/features/quizzes/showing.py": "stored HTML of questions, and fields that macros made",
    "lms/features/quizzes/results.py": "stored HTML of a quiz's feedback",
}
# Where SQL is written by hand, and why.
BY_HAND = {
    "lms/database.py": "pragmas, and BEGIN",
    "lms/features/about/views.py": "SELECT 1: whether the database answers",
    "lms/features/admin/queries.py": "the database's own version",
    "lms/models/certificates.py": "conditions of indexes",
    "lms/models/learning.py": "conditions of indexes",
    "lms/models/changes.py": "conditions of indexes",
    "lms/models/joining.py": "conditions of indexes",
    "lms/models/messages.py": "the condition of the index of what waits for mail",
    "lms/models/privacy.py": "the condition of an index",
    "lms/models/people.py": "conditions of indexes",
}
RUNS_WHAT_IT_READS = {"eval", "exec", "compile", "__import__"}
READS_WHAT_RUNS = {"pickle", "marshal", "shelve"}


@cache
def tree(file: Path) -> ast.Module:
    return ast.parse(file.read_text())


def files(room: str) -> list[Path]:
    folder = LMS / room
    return sorted(folder.rglob("*.py")) if folder.is_dir() else [LMS / f"{room}.py"]


def imports(file: Path) -> Iterator[str]:
    for node in ast.walk(tree(file)):
        if isinstance(node, ast.ImportFrom):
            yield from (f"{node.module}.{alias.name}" for alias in node.names)
        elif isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)


def calls(file: Path) -> Iterator[ast.Call]:
    return (node for node in ast.walk(tree(file)) if isinstance(node, ast.Call))


def names(room: str) -> set[str]:
    return {name for file in files(room) for name in imports(file)}


@pytest.mark.parametrize("room", MAY_IMPORT)
def test_each_room_imports_only_what_it_may(room):
    known = {name.split(".")[1] for name in names(room) if name.startswith("lms.")}

    assert known - {room} <= MAY_IMPORT[room]


def test_no_room_is_forgotten():
    rooms = {
        one.stem
        for one in LMS.iterdir()
        if one.name not in ("__init__.py", "__pycache__") and one.suffix in ("", ".py")
    }

    assert rooms - {"data", "static"} == {*MAY_IMPORT, "app", "demo", "serving"}


@pytest.mark.parametrize("room", WITHOUT_THE_WEB)
def test_the_core_does_not_know_the_web(room):
    assert not {name for name in names(room) if name.lower().startswith(THE_WEB)}


def test_rules_need_nothing_but_the_standard_library():
    foreign = {"sqlalchemy", "yaml", "markdown", "nh3", "typst", "argon2", "segno"}

    assert not {name for name in names("rules") if name.split(".")[0] in foreign}


@pytest.mark.parametrize("feature", FEATURES)
def test_features_do_not_know_each_other(feature):
    others = tuple(f"lms.features.{name}" for name in FEATURES if name != feature)

    assert not {name for name in names(f"features/{feature}") if name.startswith(others)}


def test_imports_stand_at_the_top():
    low = [
        f"{file.relative_to(LMS.parent)}:{node.lineno}"
        for file in LMS.rglob("*.py")
        for function in ast.walk(tree(file))
        if isinstance(function, ast.FunctionDef)
        for node in ast.walk(function)
        if isinstance(node, ast.Import | ast.ImportFrom)
    ]

    assert not low


def test_html_is_trusted_in_few_places():
    found = {
        file.relative_to(LMS.parent).as_posix()
        for file in LMS.rglob("*.py")
        if "markupsafe.Markup" in set(imports(file))
    }

    assert found <= set(MARKUP)


@pytest.mark.parametrize(
    "forbidden",
    [
        r"\sstyle=",
        r"\son(?!ce=)[a-z]+=[\"']",
        r"<script(?![^>]*\ssrc=)",
        r"\|\s*safe\b(?!\s*if)",
        r"(?:src|href)=[\"']https?://",
    ],
)
def test_templates_hold_nothing_inline_and_nothing_foreign(forbidden):
    allowed = {"parts/quiz.html", "parts/icons.html"}  # |safe on literals of their own
    found = {
        template.name
        for template in LMS.rglob("*.html")
        if re.search(forbidden, template.read_text())
        and not (forbidden.startswith(r"\|") and f"parts/{template.name}" in allowed)
    }

    assert not found


def test_sql_is_written_by_hand_in_few_places_and_never_put_together():
    found = set()
    for file in LMS.rglob("*.py"):
        here = file.relative_to(LMS.parent).as_posix()
        if "sqlalchemy.text" in set(imports(file)):
            found.add(here)
            made = [one for one in calls(file) if getattr(one.func, "id", "") == "text"]
            assert not [one for one in made if isinstance(one.args[0], ast.JoinedStr | ast.BinOp)]
        if any(getattr(one.func, "attr", "") == "exec_driver_sql" for one in calls(file)):
            found.add(here)

    assert found <= set(BY_HAND)


def test_nothing_that_is_read_is_run():
    for file in LMS.rglob("*.py"):
        assert not RUNS_WHAT_IT_READS & {getattr(one.func, "id", "") for one in calls(file)}, file
        assert not READS_WHAT_RUNS & {name.split(".")[0] for name in imports(file)}, file


def test_no_form_is_exempt_and_no_template_made_of_data():
    words = ("csrf.exempt", "csrf_exempt", "WTF_CSRF_ENABLED", "render_template_string")

    assert not [
        file for file in LMS.rglob("*.py") for word in words if word in file.read_text("utf-8")
    ]


@pytest.mark.parametrize("kind", ["js", "css"])
def test_scripts_and_styles_ask_nobody_else(kind):
    foreign = re.compile(r"(?:https?:)?//[a-z0-9-]+\.[a-z]{2,}|\beval\(|innerHTML|@import")
    asking = {
        file.name
        for file in (LMS / "static").rglob(f"*.{kind}")
        if foreign.search(file.read_text())
    }

    assert not asking
