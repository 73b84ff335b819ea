import gzip

import pytest
from flask import Flask

from lms.web import assets

KB = 1024


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "fonts").mkdir()
    (tmp_path / "fonts" / "one.woff2").write_bytes(b"font")
    (tmp_path / "app.css").write_text("a{src:url(fonts/one.woff2)}b{fill:url(#hatch)}" * 40)
    (tmp_path / "app.js").write_text("'nothing to shorten'")
    return tmp_path


def client_for(folder):
    app = Flask(__name__, static_folder=None)
    assets.init_app(app, folder)
    return app, app.test_client()


def test_a_name_changes_with_the_content(folder):
    before = assets.load(folder)["app.js"].hashed
    (folder / "app.js").write_text("'something else'")
    assert assets.load(folder)["app.js"].hashed != before


def test_a_stylesheet_points_to_the_hashed_font_and_leaves_patterns_alone(folder):
    loaded = assets.load(folder)
    text = loaded["app.css"].plain.decode()
    assert f"url({loaded['fonts/one.woff2'].hashed})" in text
    assert "url(#hatch)" in text


def test_a_changed_font_changes_the_name_of_the_stylesheet(folder):
    before = assets.load(folder)["app.css"].hashed
    (folder / "fonts" / "one.woff2").write_bytes(b"other font")
    assert assets.load(folder)["app.css"].hashed != before


def test_a_missing_font_stops_the_start(folder):
    (folder / "app.css").write_text("a{src:url(fonts/two.woff2)}")
    with pytest.raises(KeyError, match=r"two\.woff2"):
        assets.load(folder)


def test_a_file_of_an_unknown_type_stops_the_start(folder):
    (folder / "app.exe").write_bytes(b"?")
    with pytest.raises(KeyError, match=r"\.exe"):
        assets.load(folder)


def test_an_application_with_its_own_static_route_is_refused(folder):
    with pytest.raises(RuntimeError, match="static_folder=None"):
        assets.init_app(Flask(__name__, static_folder=str(folder)), folder)


def test_a_file_is_sent_compressed_for_a_year_with_its_type(folder):
    app, client = client_for(folder)
    with app.app_context():
        address = app.jinja_env.globals["asset"]("app.css")
    answer = client.get(address, headers={"Accept-Encoding": "gzip, br"})
    assert answer.status_code == 200
    assert answer.headers["Content-Encoding"] == "gzip"
    assert answer.headers["Vary"] == "Accept-Encoding"
    assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert answer.headers["Content-Type"] == "text/css; charset=utf-8"
    assert gzip.decompress(answer.data) == assets.load(folder)["app.css"].plain


@pytest.mark.parametrize("accepted", ["", "identity", "br", "gzip;q=0"])
def test_a_browser_without_gzip_gets_the_plain_file(folder, accepted):
    app, client = client_for(folder)
    address = app.jinja_env.globals["asset"]("app.css")
    answer = client.get(address, headers={"Accept-Encoding": accepted})
    assert "Content-Encoding" not in answer.headers
    assert answer.data == assets.load(folder)["app.css"].plain


def test_what_gzip_cannot_shorten_is_sent_plain(folder):
    app, client = client_for(folder)
    address = app.jinja_env.globals["asset"]("app.js")
    answer = client.get(address, headers={"Accept-Encoding": "gzip"})
    assert answer.data == b"'nothing to shorten'"
    assert "Content-Encoding" not in answer.headers


@pytest.mark.parametrize(
    "name", ["app.css", "app.00000000.css", "fonts", "../assets.py", "%2e%2e/assets.py", ""]
)
def test_an_unknown_name_is_not_found(folder, name):
    _, client = client_for(folder)
    assert client.get(f"/static/{name}").status_code == 404


def test_a_template_that_names_a_missing_file_fails(folder):
    app, _ = client_for(folder)
    with pytest.raises(KeyError, match=r"gone\.css"):
        app.jinja_env.globals["asset"]("gone.css")


def test_the_route_says_that_it_is_public(folder):
    app, _ = client_for(folder)
    assert app.view_functions["static"].access == "public"


def test_the_real_files_stay_within_their_budgets():
    loaded = assets.load()
    assert len(loaded["app.css"].zipped) <= 12 * KB
    assert len(loaded["app.js"].zipped) <= 4 * KB
    assert len(loaded["app.js"].zipped) + len(loaded["attempt.js"].zipped) <= 6 * KB
    assert len(loaded["fonts/literata-600-latin.woff2"].plain) <= 30 * KB


def test_no_script_writes_markup_or_runs_text():
    for name, one in assets.load().items():
        if name.endswith(".js"):
            text = one.plain.decode()
            for risky in ("innerHTML", "outerHTML", "insertAdjacent", "document.write", "eval("):
                assert risky not in text, (name, risky)
