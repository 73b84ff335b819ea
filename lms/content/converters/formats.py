"""The formats by name: which one a file is, reading it, writing it."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from types import ModuleType
from typing import Any

from lms.content.converters import aiken, gift, gift_writing, moodle_xml
from lms.content.converters.foreign import Foreign, NotThisFormat, Skipped, Taken, decoded
from lms.content.converters.quiz import NoPlace, foreign_of, question_of
from lms.content.editing import question_place
from lms.content.fronttext import front_text
from lms.content.questiontext import write_question
from lms.content.reading import read_quiz

QUIZ = "quiz"  # a file of the course format
NAMES = ("gift", "moodle-xml", "aiken", QUIZ)
ENDINGS = {".gift": "gift", ".txt": "gift", ".xml": "moodle-xml", ".md": QUIZ}

_READERS = {"gift": gift.read, "moodle-xml": moodle_xml.read, "aiken": aiken.read}
_WRITERS: dict[str, ModuleType] = {
    "gift": gift_writing,
    "moodle-xml": moodle_xml,
    "aiken": aiken,
}
_PATH = "1-questions/10-questions.quiz.md"  # where a quiz stands alone decides nothing here
_AIKEN = re.compile(r"(?m)^ANSWER: *[A-Z]\s*$")


@dataclass(frozen=True, slots=True, kw_only=True)
class Converted:
    """A file in the new format; the questions that are in it, what is not, and what each lost."""

    data: bytes
    questions: tuple[Foreign, ...]
    skipped: tuple[Skipped, ...]
    lost: tuple[tuple[Foreign, tuple[str, ...]], ...] = ()

    def as_dict(self) -> dict[str, Any]:
        return {
            "imported": len(self.questions),
            "skipped": [one.as_dict() for one in self.skipped],
            "questions": [one.as_dict() for one in self.questions],
            "lost": [
                {"line": one.line, "name": one.name, "lost": list(lost)} for one, lost in self.lost
            ],
        }


def guess(data: bytes, ending: str) -> str:
    """The format of a file, by its ending (`.xml`) and by its text. Raises NotThisFormat."""
    if ENDINGS.get(ending, "gift") != "gift":
        return ENDINGS[ending]
    text = decoded(data)
    if text.lstrip().startswith("<"):
        return "moodle-xml"
    return "aiken" if ending != ".gift" and _AIKEN.search(text) else "gift"


def convert(data: bytes, source: str, target: str, *, title: str) -> Converted:
    """The file of one format in another, by their NAMES; title is that of a new quiz.

    Raises NotThisFormat when the file is not of its format.
    """
    taken, lost = _from_quiz(data) if source == QUIZ else (_READERS[source](data), {})
    if target == QUIZ:
        made = _to_quiz(taken.questions, title)
    else:
        made = _to_others(taken.questions, _WRITERS[target])
    both = {
        one.line: (one, (*lost.get(one.line, ()), *said))
        for one, said in (*((one, ()) for one in taken.questions), *made.lost)
        if one in made.questions
    }
    skipped = sorted((*taken.skipped, *made.skipped), key=lambda one: one.line)
    return replace(
        made,
        skipped=tuple(skipped),
        lost=tuple((one, said) for one, said in both.values() if said),
    )


def _from_quiz(data: bytes) -> tuple[Taken, dict[int, list[str]]]:
    quiz, findings = read_quiz(data, _PATH)
    wrong = next((one for one in findings if one.level == "error"), None)
    if quiz is None or wrong:
        raise NotThisFormat(f"line {wrong.line}: {wrong.wrong}" if wrong else "this is no quiz")
    questions, skipped, lost = [], [], {}
    for one in quiz.questions:
        line = question_place(data, one.id)[0] + 1
        try:
            foreign, said = foreign_of(one)
        except NoPlace as wrong_type:
            skipped.append(Skipped(line=line, reason=f"“{one.id}”: {wrong_type}"))
            continue
        questions.append(replace(foreign, line=line))
        lost[line] = said
    return Taken(questions=tuple(questions), skipped=tuple(skipped)), lost


def _to_quiz(questions: Sequence[Foreign], title: str) -> Converted:
    parts = [front_text({"title": title, "kind": "formative"})]
    kept, skipped, lost = [], [], []
    ids: set[str] = set()
    for one in questions:
        try:
            question, said = question_of(one, ids)
        except NoPlace as wrong:
            skipped.append(Skipped(line=one.line, reason=f"“{one.name}”: {wrong}"))
            continue
        ids.add(question.id)
        kept.append(one)
        lost.append((one, tuple(said)))
        parts.append(write_question(question) + "\n")
    data = "\n".join(parts).encode()
    return Converted(data=data, questions=tuple(kept), skipped=tuple(skipped), lost=tuple(lost))


def _to_others(questions: Sequence[Foreign], writer: ModuleType) -> Converted:
    kept = [one for one in questions if not writer.unfit(one)]
    skipped = [
        Skipped(line=one.line, reason=f"“{one.name}”: {why}")
        for one in questions
        if (why := writer.unfit(one))
    ]
    return Converted(
        data=writer.write(kept),
        questions=tuple(kept),
        skipped=tuple(skipped),
        lost=tuple((one, tuple(writer.lost(one))) for one in kept),
    )
