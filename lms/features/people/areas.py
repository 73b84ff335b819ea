"""The same pages stand at two addresses: a State's own officers, and everybody."""

from collections.abc import Callable
from typing import Any

from flask import Blueprint, abort, request, url_for

from lms.models import Person
from lms.rules.access import Permission, Reach, Scope
from lms.web.viewer import viewer

ROOTS = {"state": "/state/officers", "all": "/people"}


def pages(bp: Blueprint, path: str, name: str, *methods: str) -> Callable[[Any], Any]:
    """Put the view at both addresses, as endpoints `state_<name>` and `all_<name>`."""

    def put(view: Any) -> Any:
        for area, root in ROOTS.items():
            bp.add_url_rule(root + path, f"{area}_{name}", view, methods=list(methods) or ["GET"])
        return view

    return put


def area() -> str:
    return "state" if request.path.startswith(ROOTS["state"]) else "all"


def href(name: str, **values: Any) -> str:
    return url_for(f"people.{area()}_{name}", **values)


def reach(permission: Permission) -> Reach:
    """How far the viewer sees here; 404 at the other area's address."""
    found = viewer().reach(permission)
    if found.scope is None or (area() == "state") != (found.scope is Scope.AFFILIATION):
        abort(404)
    return found


def may_keep(person: Person) -> bool:
    return viewer().reach(Permission.KEEP_PEOPLE).covers(affiliation=person.affiliation_id)
