"""What every answer says about itself, whatever it answers."""

from collections.abc import Iterator

import pytest
from flask import Flask

from config import Config
from lms.app import create_app
from tests.architecture.test_doors import address_of, objects_of
from tests.architecture.world import World, opened, send
from tests.conftest import Browser

POLICY = (  # as the settled decisions have it
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; media-src 'self'; "
    "font-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; "
    "frame-ancestors 'none'; require-trusted-types-for 'script'; report-uri /csp-reports"
)
SANDBOX = "default-src 'none'; sandbox"
ALWAYS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
NEVER = ("Server", "X-Powered-By", "Access-Control-Allow-Origin")
KEPT = ("/static/", "/media/")  # addresses whose content never changes


@pytest.fixture(scope="module")
def world(the_app: Flask) -> Iterator[World]:
    with opened(the_app) as made:
        yield made


@pytest.fixture(scope="module")
def secure(tmp_path_factory: pytest.TempPathFactory) -> Flask:
    """An application behind https whose database was never made."""
    folder = tmp_path_factory.mktemp("secure")
    return create_app(Config(DATA=folder, BASE_URL="https://localhost", COURSES=folder))


def faults(answer, *, url, policy=POLICY):
    """What is wrong with the headers, in words."""
    headers = answer.headers
    wrong = [
        f"{name} is {headers.get(name)}" for name in ALWAYS if headers.get(name) != ALWAYS[name]
    ]
    wrong += [f"{name} is there" for name in NEVER if name in headers]
    if headers.get("Content-Security-Policy") != policy:
        wrong.append(f"the policy is {headers.get('Content-Security-Policy')}")
    if "camera=()" not in headers.get("Permissions-Policy", ""):
        wrong.append("the browser's devices are open")
    if answer.mimetype.startswith("text/") and answer.mimetype_params.get("charset") != "utf-8":
        wrong.append(f"{answer.mimetype} without its charset")
    kept = any(part in url for part in KEPT) and answer.status_code == 200
    if ("no-store" in headers.get("Cache-Control", "")) == kept:
        wrong.append(f"Cache-Control is {headers.get('Cache-Control')}")
    return [f"{url} {answer.status_code}: {one}" for one in wrong]


def test_every_answer_to_everybody_has_them(world):
    world.put_back()
    wrong = []
    for rule in world.app.url_map.iter_rules():
        for role in ("anonymous", "officer", "administrator"):
            for whose in (objects_of(rule)[0], objects_of(rule)[-1]):
                world.app.extensions.pop("limiter", None)
                url = address_of(world, rule, role, whose)
                for method in ("GET", "POST"):
                    answer = send(world.browsers[role], method, url)
                    policy = SANDBOX if "/media/" in url and answer.status_code == 200 else POLICY
                    wrong += faults(answer, url=url, policy=policy)
    assert wrong == []


@pytest.mark.parametrize(
    ("status", "method", "url", "values"),
    [
        (400, "GET", "/courses/small%00", {}),
        (400, "GET", "/courses", {"headers": {"Host": "evil.example"}}),
        (403, "POST", "/account/display", {}),
        (404, "GET", "/nowhere", {}),
        (404, "GET", "/static/nowhere.css", {}),
        (405, "DELETE", "/courses", {}),
        (413, "POST", "/sign-in", {"data": {"address": "a" * 1_000_001}}),
        (200, "OPTIONS", "/courses", {}),
        (200, "HEAD", "/courses", {}),
        (303, "GET", "/", {}),
    ],
)
def test_errors_have_them_too(world, status, method, url, values):
    world.put_back()
    answer = send(world.browsers["officer"], method, url, **values)

    assert answer.status_code == status
    assert faults(answer, url=url) == []


@pytest.mark.parametrize(
    "host", ["evil.example", "localhost.evil.example", "evil.example:80", "a b"]
)
def test_a_forged_host_is_refused(world, host):
    for url in ("/courses", "/sign-in", "/nowhere"):
        answer = send(world.browsers["anonymous"], "GET", url, headers={"Host": host})
        assert answer.status_code == 400
        assert "evil.example" not in answer.text


def test_forwarded_hosts_are_not_believed(world):
    forged = {"X-Forwarded-Host": "evil.example", "X-Forwarded-Proto": "https"}
    answer = send(world.browsers["anonymous"], "GET", "/learning", headers=forged)

    assert answer.location == "/sign-in?next=/learning"
    assert "Strict-Transport-Security" not in answer.headers


def test_signing_out_clears_what_the_browser_kept(world):
    world.put_back()
    data = {"csrf_token": world.tokens["officer"]}
    answer = send(world.browsers["officer"], "POST", "/sign-out", data=data)

    assert answer.headers["Clear-Site-Data"] == '"cache", "storage"'


def test_https_is_asked_for_and_its_cookie_is_bound_to_it(secure):
    answer = Browser(secure).client.get("/sign-in", base_url="https://localhost")
    cookie = answer.headers["Set-Cookie"]

    assert answer.headers["Strict-Transport-Security"] == "max-age=31536000; includeSubDomains"
    assert cookie.startswith("__Host-lms=")
    assert {"Secure", "HttpOnly", "Path=/", "SameSite=Lax"} <= set(cookie.split("; "))
    assert "Domain" not in cookie


def test_a_fault_of_ours_tells_nothing_but_a_reference(secure):
    """The database has no tables, so the page of courses breaks."""
    answer = Browser(secure).client.get("/courses", base_url="https://localhost")

    assert answer.status_code == 500
    assert faults(answer, url="/courses") == []
    for word in ("Traceback", "sqlite", "no such table", "SELECT"):
        assert word not in answer.text
