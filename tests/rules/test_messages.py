"""Every kind of message has words that fit its facts."""

from string import Formatter

import pytest

from lms.rules.messages import KINDS, Kind, check_facts, check_template, filled, is_path


def test_every_kind_has_words_that_pass_their_own_check():
    wrong = {
        kind: found
        for kind in Kind
        if (found := check_template(kind, KINDS[kind].subject, KINDS[kind].body))
    }

    assert (wrong, set(KINDS)) == ({}, set(Kind))


def test_a_kind_with_a_token_says_what_its_link_does_and_is_mandatory():
    secret = [words for words in KINDS.values() if words.secret]

    assert secret
    assert all(words.action and words.mandatory for words in secret)


def test_a_template_with_a_missing_or_an_unknown_placeholder_is_wrong():
    found = check_template(Kind.RESERVE, "List of {course}", "Number {positon} in {course}")

    assert [(field, values.get("name", "")) for field, _, values in found] == [
        ("subject", ""),
        ("body", "{positon}"),
        ("body", "{position}"),
    ]


@pytest.mark.parametrize(
    "body", ["{course} {position} {", "{course} {position} {{x}}", "}{course}{position}"]
)
def test_a_stray_brace_is_wrong(body):
    assert check_template(Kind.RESERVE, "List", body)


def test_sentences_about_a_template_can_be_filled_with_their_values():
    found = check_template(Kind.RESERVE, "{", "{ {positon}")

    for _field, sentence, values in found:
        assert {name for _, name, _, _ in Formatter().parse(sentence) if name} <= set(values)
        sentence.format(**values)


@pytest.mark.parametrize(
    ("facts", "why"),
    [
        ({}, "needs"),
        ({"course": "A"}, "needs"),
        ({"course": "A", "until_at": "2026-12-04T12:00:00"}, "no time zone"),
        ({"course": "A", "until_at": "tomorrow"}, "isoformat"),
        ({"course": 1, "until_at": "2026-12-04T12:00:00+00:00"}, "no text"),
        ({"course": "A", "until_at": "2026-12-04T12:00:00+00:00", "name": "Nino"}, "needs"),
    ],
)
def test_facts_that_do_not_fit_are_refused(facts, why):
    with pytest.raises(ValueError, match=why):
        check_facts(Kind.OFFERED, facts)


def test_braces_in_a_fact_are_no_placeholders():
    assert filled("{a} and {b} and {c}", {"a": "{b}", "b": "2"}) == "{b} and 2 and {c}"


@pytest.mark.parametrize(
    ("link", "fits"),
    [
        ("", True),
        ("/learning/places/k7wq-3mzt?a=b#c", True),
        ("//evil.example", False),
        ("/\\evil.example", False),
        ("https://evil.example", False),
        ("/a b", False),
        ("/a\n", False),
    ],
)
def test_a_link_leads_into_the_application_alone(link, fits):
    assert is_path(link) == fits
