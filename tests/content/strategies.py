"""Made-up courses for property tests: every type of question, every key, many kinds of text.

`courses()` gives values that the format can hold; `write_course` makes files of them.
"""

import string
import unicodedata
from dataclasses import replace
from datetime import date, timedelta
from fractions import Fraction

from hypothesis import strategies as st

from lms.content import values
from lms.content.translations import merged
from lms.rules.questions import (
    Gap,
    Marking,
    NumberKey,
    Option,
    Pair,
    Question,
    Scale,
    Type,
    WordKey,
)

LETTERS = string.ascii_letters + string.digits + "äßéжщёїλ漢"
# Words that a careless reader or writer of Markdown or YAML would trip over.
TRICKY = [
    "*stress*", "**strong**", "`= code`", "`{{code}}`", "a:b", "note:", "#5", '"quoted"', "'s",
    "50 %", "«ж»", "C#", "x_y", "{set}", "\\{text}", "\\[[no]]", "(x)", "[ ]", "->", "&amp;",
    "100", "true", "no", "---", "a|b", "=", "10,200", "e.g.", "…", "[link](10-a.md)", "<br>", "\\*",
]  # fmt: skip


def words(first: str = LETTERS) -> st.SearchStrategy[str]:
    start = st.text(alphabet=first, min_size=1, max_size=8)
    more = st.one_of(st.text(alphabet=LETTERS, min_size=1, max_size=8), st.sampled_from(TRICKY))
    return st.tuples(start, st.lists(more, max_size=5)).map(_joined)


def _joined(parts: tuple[str, list[str]]) -> str:
    text = " ".join([parts[0], *parts[1]])
    # a line that ends in braces would be read as attributes of its heading or option
    text = text.removesuffix("{set}").rstrip() or parts[0]
    return unicodedata.normalize("NFC", text)


def slugs() -> st.SearchStrategy[str]:
    start = st.text(alphabet=string.ascii_lowercase, min_size=2, max_size=6)
    return st.tuples(start, st.integers(1, 99)).map(lambda one: f"x{one[0]}-{one[1]}")


BLOCKS = st.one_of(
    words(),
    st.lists(words(), min_size=1, max_size=3).map("\n".join),
    st.lists(words(string.ascii_letters), min_size=1, max_size=3).map(
        lambda items: "\n".join(f"- {item}" for item in items)
    ),
    words().map(lambda text: f"> {text}"),
    words().map(lambda text: f"```\n## {text}\n\n- (x) {{{{code}}}}\n= a\n```"),
    words().map(lambda text: f"| a | b |\n|---|---|\n| {text.replace('|', '/')} | 1 |"),
    words().map(lambda text: f'!!! note "{text.replace(chr(34), "")}"\n    Inside.'),
)


def bodies(max_size: int = 4) -> st.SearchStrategy[str]:
    """Markdown of some blocks, or nothing. The last block is a paragraph."""
    blocks = st.lists(BLOCKS, max_size=max_size - 1)
    made = st.tuples(blocks, words()).map(lambda parts: "\n\n".join([*parts[0], parts[1]]))
    return st.one_of(st.just(""), made)


def lesson_bodies() -> st.SearchStrategy[str]:
    heading = words().map(lambda text: f"## {text}")
    return st.one_of(bodies(), st.tuples(heading, bodies()).map(lambda two: "\n\n".join(two)).map(
        str.rstrip
    ))  # fmt: skip


PARTS = st.sampled_from([Fraction(1, 4), Fraction(1, 2), Fraction(333, 1000), Fraction(0)])
WAS = st.lists(words(), max_size=2, unique=True).map(tuple)


def options(count: st.SearchStrategy[int]) -> st.SearchStrategy[tuple[Option, ...]]:
    one = st.builds(Option, text=words(), feedback=bodies(2), pin=st.booleans(), was=WAS)
    long = one.map(lambda made: replace(made, text=f"{made.text}\ngoes on\n\n- and on"))
    return count.flatmap(
        lambda n: st.lists(
            st.one_of(one, one, long), min_size=n, max_size=n, unique_by=lambda one: one.text
        ).map(tuple)
    )


def marked(made: tuple[Option, ...], right: set[int]) -> tuple[Option, ...]:
    return tuple(replace(one, right=index in right) for index, one in enumerate(made))


COUNT = st.integers(2, 5)
WORD_KEYS = st.lists(
    st.builds(
        WordKey,
        pattern=st.one_of(words(), st.sampled_from(["*anhydride", "a\\*b", "true", "…", "12"])),
        weight=st.one_of(st.just(Fraction(1)), PARTS),
    ),
    min_size=1,
    max_size=4,
    unique_by=lambda one: one.pattern,
).map(lambda keys: (replace(keys[0], weight=Fraction(1)), *keys[1:]))


@st.composite
def number_keys(draw: st.DrawFn) -> tuple[NumberKey, ...]:
    made = []
    for index in range(draw(st.integers(1, 3))):
        middle = Fraction(draw(st.integers(-10_000, 10_000)), draw(st.sampled_from([1, 10, 100])))
        by = Fraction(draw(st.integers(0, 500)), 10)
        units = draw(st.lists(st.sampled_from(["t", "ha", "%", "т"]), max_size=2, unique=True))
        low, high = (_decimal(limit) for limit in (middle - by, middle + by))
        text = low if low == high else f"{low}..{high}"
        made.append(
            NumberKey(
                low=middle - by,
                high=middle + by,
                units=tuple(units),
                weight=draw(PARTS) if index else Fraction(1),
                text=" ".join([text, *units[:1]]),
            )
        )
    return tuple(made)


def _decimal(number: Fraction) -> str:
    whole, rest = divmod(abs(number) * 100, 100)
    text = f"{'-' if number < 0 else ''}{whole}"
    return f"{text}.{int(rest):02}".rstrip("0") if rest else text


GAP_TEXT = st.text(alphabet=LETTERS + "|= ", min_size=1, max_size=6).map(str.strip).filter(bool)


@st.composite
def gap_texts(draw: st.DrawFn) -> tuple[str, tuple[Gap, ...]]:
    gaps, pieces = [], [draw(words())]
    for number in range(1, draw(st.integers(1, 4)) + 1):
        texts = tuple(draw(st.lists(GAP_TEXT, min_size=1, max_size=3, unique=True)))
        gaps.append(Gap(texts=texts, listed=len(texts) > 1 and draw(st.booleans())))
        pieces += [f"{{{{{number}}}}}", draw(words())]
    return draw(st.sampled_from([" ", "\n"])).join(pieces), tuple(gaps)


@st.composite
def questions(draw: st.DrawFn, id: str = "q1", survey: bool = False) -> Question:
    types = [Type.SCALE, Type.NUMBER, Type.CHOICE, Type.MULTIPLE, Type.ESSAY]
    type = draw(st.sampled_from(types if survey else [one for one in Type if one not in types[:3]]))
    question = Question(
        id=id,
        type=type,
        heading=draw(words()),
        body=draw(bodies(3)),
        points=draw(st.sampled_from([Fraction(1), Fraction(5, 2), Fraction(1, 3), Fraction(4)])),
        objective=draw(st.sampled_from(["", "LO1", "LO2"])),
        tags=draw(st.sampled_from([(), ("pp",), ("pp", "two words")])),
        required=draw(st.booleans()),
        fixed=draw(st.booleans()),
        explanation=draw(bodies()),
        rubric=draw(bodies(2)),
    )
    if type is Type.SINGLE:
        made = draw(options(COUNT))
        return replace(question, options=marked(made, {draw(st.integers(0, len(made) - 1))}))
    if type is Type.MULTIPLE:
        made = draw(options(COUNT))
        if survey:
            return replace(question, options=made)
        marking = draw(st.sampled_from([Marking.ALL, Marking.NET, Marking.EACH, Marking.WEIGHTS]))
        made = marked(made, {0} | draw(st.sets(st.integers(0, len(made) - 1))))
        if marking is Marking.WEIGHTS:
            made = tuple(
                replace(one, weight=Fraction(1) if one.right else Fraction(-1, 2)) for one in made
            )
        return replace(question, options=made, marking=marking)
    if type is Type.CHOICE:
        return replace(question, options=draw(options(COUNT)))
    if type is Type.TRUE_FALSE:
        right = draw(st.booleans())
        both = (Option(text="true", right=right), Option(text="false", right=not right))
        return replace(question, options=both)
    if type is Type.NUMERIC:
        return replace(question, numbers=draw(number_keys()))
    if type is Type.SHORT:
        marking = draw(st.sampled_from([Marking.ALL, Marking.EXACT]))
        return replace(
            question, words=draw(WORD_KEYS), typos=draw(st.integers(0, 1)), marking=marking
        )
    if type is Type.MATCHING:
        lefts = draw(st.lists(words(), min_size=2, max_size=4, unique=True))
        pairs = [Pair(left=left, right=draw(words()), was=draw(WAS)) for left in lefts]
        pairs += [Pair(left="", right=draw(words()))] * draw(st.integers(0, 1))
        marking = draw(st.sampled_from([Marking.SHARE, Marking.ALL]))
        return replace(question, pairs=tuple(pairs), marking=marking)
    if type is Type.ORDERING:
        items = tuple(draw(st.lists(words(), min_size=2, max_size=5, unique=True)))
        was = tuple(draw(WAS) for _ in items)
        marking = draw(st.sampled_from([Marking.ALL, Marking.PAIRS]))
        return replace(question, items=items, item_was=was if any(was) else (), marking=marking)
    if type is Type.GAPS:
        body, gaps = draw(gap_texts())
        return replace(question, body=body, gaps=gaps, marking=Marking.SHARE)
    if type is Type.SCALE:
        low, high = draw(st.sampled_from([(1, 5), (0, 10)]))
        scale = Scale(low=low, high=high, low_label="not at all", high_label="ж: fully")
        return replace(question, scale=scale)
    if type is Type.NUMBER:
        return replace(question, scale=Scale(low=0, high=draw(st.integers(1, 999))))
    return question


OBJECTIVES = st.sampled_from([(), ("LO1",), ("LO1", "LO2")])


@st.composite
def quizzes(draw: st.DrawFn, number: int | None, slug: str, folder: str = "") -> values.Quiz:
    kind = draw(st.sampled_from(values.Kind))
    survey = kind is values.Kind.SURVEY
    stem = slug if number is None else f"{number}-{slug}"
    module = folder.partition("-")[2]
    count = draw(st.integers(1, 3))
    given = dict(values.DEFAULTS[kind])
    if draw(st.booleans()):
        given |= {
            "pass_mark": draw(st.integers(0, 100)),
            "attempts": draw(st.integers(0, 5)),
            "wait": timedelta(minutes=draw(st.integers(0, 5000))),
            "shuffle": frozenset(draw(st.sets(st.sampled_from(values.Shuffle)))),
            "review": draw(st.sampled_from(values.Review)),
        }
    last = kind is values.Kind.SUMMATIVE and not folder
    return values.Quiz(
        number=number,
        slug=slug,
        key=f"{module}/{slug}" if module else slug,
        path=f"{folder}/{stem}.quiz.md" if folder else f"{stem}.quiz.md",
        title=draw(words()),
        kind=kind,
        time_limit=draw(st.sampled_from([None, timedelta(minutes=30), timedelta(hours=24)])),
        draw=draw(st.sampled_from([None, 1, 2])),
        draw_by=draw(st.sampled_from(["", "objective"])),
        navigation=draw(st.sampled_from(values.Navigation)),
        grade=draw(st.sampled_from(values.GradeRule)),
        opens_after=draw(st.sampled_from(["all", (), ("some-module",)] if last else [(), "all"])),
        feedback=draw(st.sampled_from([(), ((80, "Well done: you can."), (0, "Read again."))])),
        minutes=draw(st.integers(0, 60)),
        objectives=draw(OBJECTIVES),
        formerly=draw(st.sampled_from([(), ("old/unit",)])),
        intro=draw(bodies()),
        questions=tuple(draw(questions(id=f"q{n}", survey=survey)) for n in range(count)),
        **given,
    )


@st.composite
def lessons(draw: st.DrawFn, number: int, slug: str, folder: str) -> values.Lesson:
    return values.Lesson(
        number=number,
        slug=slug,
        key=f"{folder.partition('-')[2]}/{slug}",
        path=f"{folder}/{number}-{slug}.md",
        title=draw(words()),
        minutes=draw(st.integers(0, 60)),
        objectives=draw(OBJECTIVES),
        required=draw(st.booleans()),
        handling=draw(st.sampled_from([None, *values.Handling])),
        formerly=draw(st.sampled_from([(), ("old/lesson", "older/lesson")])),
        body=draw(lesson_bodies()),
    )


@st.composite
def modules(draw: st.DrawFn, number: int, slug: str) -> values.Module:
    folder = f"{number}-{slug}"
    names = draw(st.lists(slugs(), min_size=1, max_size=3, unique=True))
    units = [
        draw(lessons(10 * place, name, folder))
        if draw(st.integers(0, 2))
        else draw(quizzes(10 * place, name, folder))
        for place, name in enumerate(names, start=1)
    ]
    return values.Module(
        number=number,
        slug=slug,
        path=f"{folder}/module.md",
        title=draw(words()),
        objectives=draw(OBJECTIVES),
        minutes=draw(st.sampled_from([None, 0, 45])),
        opens_after=draw(st.sampled_from([(), ("some-module",)])),
        body=draw(bodies()),
        units=tuple(units),
    )


@st.composite
def courses(draw: st.DrawFn) -> values.Course:
    """A course that may be written and read again. What it refers to need not exist."""
    names = draw(st.lists(slugs(), min_size=3, max_size=6, unique=True))
    count = draw(st.integers(1, len(names) - 2))
    made = tuple(draw(modules(n, name)) for n, name in enumerate(names[:count], start=1))
    numbered = [draw(quizzes(9 - n, name)) for n, name in enumerate(names[count:-1])]
    numbered.sort(key=values.place_of)
    own = (*numbered, draw(quizzes(None, names[-1])))
    span = st.builds(
        values.Span,
        amount=st.integers(1, 10),
        unit=st.sampled_from(["min", "h", "days", "weeks", "months", "years"]),
    )
    course = values.Course(
        slug="a-course",
        title=draw(words()),
        summary=draw(st.one_of(st.just(""), words())),
        language=draw(st.sampled_from(["en", "ru", "sr-Latn"])),
        programme=draw(st.sampled_from(["", "countering-illicit-drugs"])),
        code=draw(st.sampled_from(["", "SPMU-DRG-01", "0123"])),
        subject=draw(st.sampled_from(values.Subject)),
        level=draw(st.sampled_from(values.Level)),
        format=draw(st.sampled_from(values.Format)),
        hours=draw(st.sampled_from([Fraction(0), Fraction(4), Fraction(9, 2), Fraction(1, 3)])),
        handling=draw(st.sampled_from(values.Handling)),
        audience=tuple(draw(st.lists(st.sampled_from(values.Audience), max_size=3, unique=True))),
        objectives={f"LO{n}": draw(words()) for n in range(1, draw(st.integers(1, 4)))},
        prerequisites=draw(st.sampled_from([(), ("another-course",)])),
        completion=values.Completion(
            lessons=draw(st.sampled_from(["all", "required"])),
            quizzes=draw(st.sampled_from([(), ("final",), ("module/quiz", "final")])),
            evaluation=draw(st.booleans()),
            attendance=draw(st.integers(0, 100)),
        ),
        certificate=draw(
            st.one_of(
                st.none(),
                st.builds(
                    values.CertificateRules,
                    title=words(),
                    valid_for=st.one_of(st.none(), span),
                    show_name=st.sampled_from(values.ShowName),
                    signatory_name=words(),
                    signatory_function=st.one_of(st.just(""), words()),
                ),
            )
        ),
        scores_to_states=draw(st.booleans()),
        contact=draw(st.sampled_from(["", "spmu@example.org"])),
        review_by=draw(st.sampled_from([None, date(2028, 12, 31)])),
        contributors=draw(st.sampled_from([(), ("SPMU",), ("A, B", "C: D")])),
        licence=draw(st.sampled_from(["", "CC-BY-4.0"])),
        body=draw(bodies()),
        modules=made,
        quizzes=own,
        glossary=draw(st.dictionaries(words(string.ascii_letters), words(), max_size=3)),
    )
    if draw(st.booleans()):
        course = replace(course, translations={"uk": draw(translations(course))})
    return course


@st.composite
def translations(draw: st.DrawFn, course: values.Course) -> values.Translation:
    chosen = [unit for unit in course.units() if draw(st.booleans())]
    units = {unit.key: _translated(unit) for unit in chosen}
    stale = frozenset(unit.path for unit in units.values() if draw(st.booleans()))
    return values.Translation(
        language="uk",
        title=draw(words()),
        summary=draw(st.one_of(st.just(""), words())),
        objectives={key: f"{text} ж" for key, text in course.objectives.items()},
        body=draw(bodies()),
        modules={
            module.slug: values.ModuleText(title=draw(words()), body=draw(bodies()))
            for module in course.modules
            if draw(st.booleans())
        },
        units=units,
        glossary={f"{term} uk": text for term, text in course.glossary.items()},
        outdated=stale,
    )


def _translated(unit: values.Lesson | values.Quiz) -> values.Lesson | values.Quiz:
    path = f"uk/{unit.path}"
    if isinstance(unit, values.Lesson):
        return replace(unit, title=f"{unit.title} ж", body=f"ж {unit.body}".strip(), path=path)
    return replace(
        unit,
        title=f"{unit.title} ж",
        path=path,
        questions=tuple(merged(one, _in_words(one)) for one in unit.questions),
    )


def _in_words(question: Question) -> Question:
    bare = question.type is Type.TRUE_FALSE
    return replace(
        question,
        heading=f"{question.heading} ж",
        options=tuple(
            one if bare else replace(one, text=f"ж {one.text}") for one in question.options
        ),
        pairs=tuple(
            replace(pair, left=pair.left and f"ж {pair.left}", right=f"ж {pair.right}")
            for pair in question.pairs
        ),
        items=tuple(f"ж {item}" for item in question.items),
    )
