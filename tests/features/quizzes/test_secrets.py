"""Keys, feedback and rubrics stay on the server until the quiz's policy lets them out."""

import hashlib
import itertools
import re
import secrets
from collections import defaultdict
from datetime import timedelta

import pytest

from tests.conftest import Browser, restore
from tests.factories import NOON, make_person, make_sign_in
from tests.features.courses import (
    CHECK,
    FINAL,
    PRACTICE,
    answer_all,
    finish_lessons,
    hand_in,
    make_activity,
    make_place,
    publish_course,
    start,
    take_quiz,
)

OTHER_KEYS = {
    "- (x) An officer on duty\n  > The law says so.": "- ( ) An officer on duty\n  > Not he alone.",
    "- ( ) Anybody at all\n  > No law says so.": "- (x) Anybody at all\n  > Everybody may.",
    "- [x] The reason": "- [ ] The reason",
    "- [ ] The weather": "- [x] The weather",
    "= false": "= true",
    "= 19 ± 0.6 km": "= 4000 ± 1 km",
    "= the record\n= a record": "= nothing\n= not a word\n= silence",
    "- Vienna => Danube\n- Paris => Seine\n- => Thames": (
        "- Vienna => Thames\n- Paris => Danube\n- => Seine"
    ),
    "1. Greet\n2. Explain\n3. Record": "1. Record\n2. Greet\n3. Explain",
    "{{5}}": "{{6}}",
    "{{1950|1961|1988}}": "{{1988|1950|1961}}",
    "> Only on duty.": "> At any time.",
    "> The third is in London.": "> None of it is true.",
}
CANARIES = {  # what is planted → where, in the words of the file
    "canaryfeedback": "The law says so.",
    "canarywrongfeedback": "No law says so.",
    "canaryexplanation": "Only on duty.",
    "canarytruth": "It cannot be said aloud.",
    "canarymeasured": "It was measured.",
    "canaryshort": "= the record",
    "canarygap": "{{5}}",
}
DAY = timedelta(hours=25)


def replaced(text, changes):
    for old, new in changes.items():
        assert text.count(old) == 1, old
        text = text.replace(old, new)
    return text


class Recorder(Browser):
    """Keeps all that the server ever said to this person."""

    def __init__(self, app):
        super().__init__(app)
        self.heard = []

    def get(self, url, **kwargs):
        answer = super().get(url, **kwargs)
        self.heard.append((url, f"{answer.headers}{answer.text}"))
        return answer

    def post(self, url, **kwargs):
        answer = super().post(url, **kwargs)
        self.heard.append((url, f"{answer.headers}{answer.text}"))
        return answer

    def heard_of(self, words):
        """The addresses at which the words were heard."""
        return [url for url, said in self.heard if words in said.casefold()]


# Nothing differs


@pytest.fixture
def same_chance(monkeypatch):
    """same_chance(): from here on every random byte is what it was after the last call."""

    def begin():
        counts = defaultdict(itertools.count)  # by size: files kept earlier ask for none

        def token_bytes(size=32):
            drawn = f"{size} {next(counts[size])}"
            return hashlib.shake_128(drawn.encode()).digest(size)

        monkeypatch.setattr(secrets, "token_bytes", token_bytes)

    return begin


def without_names(page):
    """The page without tokens and references: they are of the session, not of the quiz."""
    page = re.sub(r'name="csrf_token" value="[0-9a-f]+"', "", page)
    return re.sub(r"/static/\S+|[a-z2-9]{4}(-[a-z2-9]{4}){3}", "", page)


def pages(app, same_chance, final):
    """Every page of the quiz that an officer sees before handing in, in order."""
    restore(app)
    same_chance()
    made = publish_course(changes={"9-final.quiz.md": final})
    person = make_person()
    make_place(person, make_activity(made))
    browser = Browser(app).sign_in(person)
    finish_lessons(browser, made)
    seen = [browser.get(made.href).text, browser.get(f"{made.href}/final").text]
    address = start(browser, made, "final")
    for number in range(1, 9):
        page = browser.get(f"{address}/{number}").text
        seen.append(page)
        name = next(iter(re.findall(r'name="(a|[mog]0)"', page)))
        answer = browser.submit(f"{address}/{number}", **{name: "1"})
        seen += [answer.location, browser.get(f"{address}/{number}").text]
    return [without_names(page) for page in (*seen, browser.get(f"{address}/check").text)]


def test_quizzes_that_differ_only_in_keys_give_the_same_pages(app, same_chance):
    one = pages(app, same_chance, FINAL)
    other = pages(app, same_chance, replaced(FINAL, OTHER_KEYS))

    assert len(one) == 2 + 3 * 8 + 1
    assert one == other


def test_the_pages_do_differ_by_chance(app, same_chance):
    """So that the sameness above is that of the seed, not of pages that never change."""
    first = pages(app, same_chance, FINAL)

    assert pages(app, lambda: None, FINAL) != first


# Nothing sings too early


@pytest.fixture
def officer(app):
    person = make_person()
    browser = Recorder(app).sign_in(person)
    browser.person = person
    return browser


def planted(text, canaries):
    changes = {
        where: {"= the record": f"= {bird}", "{{5}}": f"{{{{{bird}}}}}"}.get(where, bird)
        for bird, where in canaries.items()
    }
    return replaced(text, changes)


def look_around(browser, made):
    """The pages where something could slip out."""
    for url in (
        made.href,
        f"{made.href}/glossary",
        f"{made.href}/first",
        f"{made.href}/final",
        f"{made.href}/pre-test",
        "/learning",
        "/courses",
        "/certificates",
    ):
        browser.get(url)


def sign_in_at(browser, at, now):
    at(now)
    cookie = make_sign_in(browser.person, started_at=now, last_seen=now)
    browser.client.set_cookie("lms", cookie)


def test_a_key_is_silent_until_no_attempt_is_left(officer, at):
    made = publish_course(changes={"9-final.quiz.md": planted(FINAL, CANARIES)})
    make_place(officer.person, make_activity(made))
    take_quiz(officer, made, "pre-test", right=False)
    finish_lessons(officer, made)
    for attempt in range(2):
        sign_in_at(officer, at, NOON + attempt * DAY)
        take_quiz(officer, made, "final", right=False)
        look_around(officer, made)
    sign_in_at(officer, at, NOON + 2 * DAY)
    address = start(officer, made, "final")
    answer_all(officer, address, right=False)
    officer.get(f"{address}/check")

    assert len(officer.heard) > 60
    assert {bird: officer.heard_of(bird) for bird in CANARIES} == {bird: [] for bird in CANARIES}
    result = hand_in(officer, address).text
    assert {bird for bird in CANARIES if bird not in result} == set()


def test_a_key_is_silent_until_the_quiz_is_passed(officer):
    made = publish_course(changes={"9-final.quiz.md": planted(FINAL, CANARIES)})
    make_place(officer.person, make_activity(made))
    finish_lessons(officer, made)
    address = start(officer, made, "final")
    answer_all(officer, address)
    officer.get(f"{address}/check")
    birds = set(CANARIES) - {"canaryshort", "canarygap"}  # which the officer has typed

    assert {bird: officer.heard_of(bird) for bird in birds} == {bird: [] for bird in birds}
    result = hand_in(officer, address).text
    assert {bird for bird in birds if bird not in result} == set()


def test_practice_answers_after_it_was_handed_in(officer):
    check = planted(CHECK, {"canaryfeedback": "Right.", "canaryexplanation": "Always."})
    made = publish_course(changes={"1-first/90-check.quiz.md": check})
    make_place(officer.person, make_activity(made))
    address = start(officer, made, "first/check")
    answer_all(officer, address)
    look_around(officer, made)

    assert officer.heard_of("canary") == []
    result = hand_in(officer, address).text
    assert ("canaryfeedback" in result, "canaryexplanation" in result) == (True, True)


def test_an_earlier_result_is_silent_while_another_attempt_runs(officer):
    check = planted(CHECK, {"canaryfeedback": "Right.", "canaryexplanation": "Always."})
    made = publish_course(changes={"1-first/90-check.quiz.md": check})
    make_place(officer.person, make_activity(made))
    first = take_quiz(officer, made, "first/check", right=False)
    start(officer, made, "first/check")

    assert "canary" not in officer.get(f"{first}/result").text


def test_a_rubric_is_for_markers_alone(officer):
    rubric = planted(PRACTICE, {"canaryrubric": "names the reason."})
    made = publish_course(changes={"2-second/90-practice.quiz.md": rubric})
    make_place(officer.person, make_activity(made))
    finish_lessons(officer, made)
    address = take_quiz(officer, made, "second/practice")
    officer.get(f"{address}/result")

    assert officer.heard_of("canary") == []


def test_a_test_that_is_never_shown_is_never_shown(officer, at):
    made = publish_course(changes={"9-final.quiz.md": planted(FINAL, CANARIES)})
    make_place(officer.person, make_activity(made))
    address = take_quiz(officer, made, "pre-test")
    sign_in_at(officer, at, NOON + timedelta(days=40))
    officer.get(f"{address}/result")

    assert officer.heard_of("canary") == []
