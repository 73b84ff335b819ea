"""People who read reports."""

import pytest

from lms.rules.access import Role
from tests.conftest import Browser
from tests.factories import make_staff


@pytest.fixture
def coordinator(app):
    return Browser(app).sign_in(make_staff(Role.COORDINATOR), "coordinator")


@pytest.fixture
def reader(app):
    """reader(Role.FOCAL_POINT, state_code="AL"): a browser of a person in this role."""

    def made(role, **values):
        return Browser(app).sign_in(make_staff(role, **values), role.value)

    return made
