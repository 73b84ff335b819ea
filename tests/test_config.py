"""Settings are read once, typed, and a wrong one stops the start with its name."""

import pytest

from config import Config, WrongSetting

KEY = "k3Yz8Qw1Lp0Vn7Rt5Xb2Mc9Sd4Fg6Hj1"
PRODUCTION = {
    "LMS_ENV": "production",
    "LMS_SECRET_KEY": KEY,
    "LMS_AUDIT_KEY": KEY[::-1],
    "LMS_BASE_URL": "https://learning.example.org",
}


def test_nothing_needs_to_be_set():
    config = Config.from_environment({})

    assert (config.ENV, config.TRUSTED_HOSTS) == ("development", ("127.0.0.1",))
    assert config.DATABASE_URL.startswith("sqlite:///")


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("ENV", "staging"),
        ("DATABASE_URL", "mysql://root@localhost/x"),
        ("SECRET_KEY", "short"),
        ("SECRET_KEY", "a" * 40),
        ("AUDIT_KEY", "changeme"),
        ("BASE_URL", "training.mia.example"),
        ("BASE_URL", "https://learning.example.org/lms"),
        ("SMTP_URL", "mail.example.org:25"),
        ("SMTP_URL", "smtp://mail.example.org"),
        ("SMTP_URL", "http://mail.example.org:25"),
        ("MAIL_FROM", "SPMU <no-reply@example.org>"),
        ("MAIL_FROM", "nobody"),
        ("RETENTION", "answers=soon"),
        ("RETENTION", "everything=1"),
        ("PROXIES", "seven"),
        ("PROXIES", "-1"),
        ("COURSES", "/nowhere/at/all"),
        ("TIME_ZONE", "Europe/Wien"),
    ],
)
def test_a_wrong_setting_is_named_and_not_shown(name, value):
    with pytest.raises(WrongSetting, match=f"LMS_{name} is wrong") as wrong:
        Config.from_environment({f"LMS_{name}": value})

    assert value not in str(wrong.value)


@pytest.mark.parametrize("name", ["SECRET_KEY", "AUDIT_KEY", "BASE_URL"])
def test_production_needs_its_own_keys_and_address(name):
    env = {key: value for key, value in PRODUCTION.items() if key != f"LMS_{name}"}
    with pytest.raises(WrongSetting, match=f"LMS_{name} is missing"):
        Config.from_environment(env)


def test_production_needs_https():
    with pytest.raises(WrongSetting, match="LMS_BASE_URL is wrong"):
        Config.from_environment(PRODUCTION | {"LMS_BASE_URL": "http://learning.example.org"})


def test_production_starts_with_all_it_needs():
    assert Config.from_environment(PRODUCTION).https


def test_the_keys_are_made_once_and_readable_by_the_owner_alone(tmp_path):
    first = Config(DATA=tmp_path / "data").with_keys()
    second = Config(DATA=tmp_path / "data").with_keys()

    assert first.SECRET_KEY == second.SECRET_KEY != first.AUDIT_KEY
    assert (tmp_path / "data" / "secret_key").stat().st_mode & 0o777 == 0o600
    assert (tmp_path / "data").stat().st_mode & 0o777 == 0o700


def test_a_postgresql_address_gets_the_driver_that_is_installed():
    config = Config.from_environment({"LMS_DATABASE_URL": "postgresql://lms@127.0.0.1/lms"})

    assert config.DATABASE_URL == "postgresql+psycopg://lms@127.0.0.1/lms"
