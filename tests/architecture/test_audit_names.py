"""The audit log refers to people by their key, so that an erasure need not touch it."""

import ast
from pathlib import Path

LMS = Path(__file__).parents[2] / "lms"
OF_PEOPLE = {
    "address",
    "agency",
    "family_name",
    "function",
    "given_name",
    "own_script_name",
    "sign_in_name",
}


def records() -> list[tuple[str, ast.Call]]:
    return [
        (f"{file.relative_to(LMS.parent)}:{node.lineno}", node)
        for file in LMS.rglob("*.py")
        for node in ast.walk(ast.parse(file.read_text()))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr == "record"
        and getattr(node.func.value, "id", "") == "audit"
    ]


def test_no_entry_is_given_a_name_or_an_address():
    found = records()
    named = [
        (where, inner.attr)
        for where, call in found
        for inner in ast.walk(call)
        if isinstance(inner, ast.Attribute) and inner.attr in OF_PEOPLE
    ]

    assert len(found) > 30
    assert named == []
