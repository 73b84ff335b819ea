"""The front door: settings in, application out; and the `lms` command."""

import logging
from datetime import timedelta
from pathlib import Path

import click
from flask import Flask
from flask.cli import ScriptInfo
from jinja2 import BaseLoader, ChoiceLoader, FileSystemLoader, PrefixLoader
from markupsafe import Markup
from werkzeug.middleware.proxy_fix import ProxyFix

from config import Config, WrongSetting
from lms import database
from lms.features import BLUEPRINTS, COMMANDS
from lms.serving import serve
from lms.web import access, assets, errors, headers, page, reading, times
from lms.web.refs import ReferenceConverter

SHARED_TEMPLATES = Path(__file__).parent / "web" / "templates"
LARGEST_BODY = 1_000_000  # bytes
LARGEST_UPLOAD = 20_100_000  # bytes, of the few forms with a file
LARGEST_FORM = 500_000  # bytes of fields held in memory
MOST_PARTS = 1_000


def create_app(config: Config | None = None) -> Flask:
    """The application of these settings, by default those of the environment.

    Raises WrongSetting, which names the setting, and RuntimeError when a view has no lock.
    """
    settings = (config.checked() if config else Config.from_environment()).with_keys()
    app = Flask("lms", static_folder=None)
    app.config.update(
        ENV=settings.ENV,
        SECRET_KEY=settings.SECRET_KEY,
        AUDIT_KEY=settings.AUDIT_KEY,
        SQLALCHEMY_DATABASE_URI=settings.DATABASE_URL,
        SQLALCHEMY_ENGINE_OPTIONS={"pool_pre_ping": not settings.DATABASE_URL.startswith("sqlite")},
        BASE_URL=settings.BASE_URL,
        HTTPS=settings.https,
        TRUSTED_HOSTS=list(settings.TRUSTED_HOSTS),
        DATA=settings.DATA,
        SMTP_URL=settings.SMTP_URL,
        MAIL_FROM=settings.MAIL_FROM,
        COURSES=settings.COURSES,
        TIME_ZONE=settings.TIME_ZONE,
        LANGUAGES=settings.LANGUAGES,
        RETENTION=settings.RETENTION,
        GRACE=timedelta(seconds=settings.GRACE),
        DEMO=settings.DEMO,
        SECOND_FACTOR="optional" if settings.DEMO else settings.SECOND_FACTOR,
        MAX_CONTENT_LENGTH=LARGEST_BODY,
        LARGEST_UPLOAD=LARGEST_UPLOAD,
        MAX_FORM_MEMORY_SIZE=LARGEST_FORM,
        MAX_FORM_PARTS=MOST_PARTS,
        BABEL_TRANSLATION_DIRECTORIES=str(Path(__file__).parent / "translations"),
    )
    app.json.sort_keys = False  # type: ignore[attr-defined]
    app.jinja_env.add_extension("jinja2.ext.do")
    app.jinja_env.filters["stored"] = stored
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    if settings.PROXIES:
        app.wsgi_app = ProxyFix(  # type: ignore[method-assign]
            app.wsgi_app,
            x_for=settings.PROXIES,
            x_proto=settings.PROXIES,
            x_host=settings.PROXIES,
        )
    app.url_map.converters["ref"] = ReferenceConverter
    database.init_app(app)
    for part in (reading, access, headers, errors, assets, page, times):
        part.init_app(app)
    for blueprint in BLUEPRINTS:
        app.register_blueprint(blueprint)
    app.jinja_loader = template_loader()  # type: ignore[assignment]
    access.check_doors(app)
    return app


def stored(html: str) -> Markup:
    """HTML that content/rendering.py made and the database kept; the only place that trusts it."""
    return Markup(html)


def template_loader() -> BaseLoader:
    """Find "learning/lesson.html" in the templates folder of the learning feature."""
    own = {bp.name: FileSystemLoader(Path(bp.root_path) / "templates") for bp in BLUEPRINTS}
    return ChoiceLoader([FileSystemLoader(SHARED_TEMPLATES), PrefixLoader(own)])


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="lms", message="%(version)s")
def cli() -> None:
    """Training for law-enforcement officers: courses, quizzes, places, certificates."""


cli.add_command(serve)
for command in COMMANDS:
    cli.add_command(command)


def main() -> None:
    logging.basicConfig(format="%(levelname)s %(name)s %(message)s")
    try:
        cli(obj=ScriptInfo(create_app=create_app))
    except WrongSetting as wrong:
        raise SystemExit(f"lms: {wrong}") from None
