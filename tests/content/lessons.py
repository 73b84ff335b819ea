"""Ordinary lessons, made from the format's own constructs: what trainers write on a usual day."""

from random import Random

_WORDS = """
officer shipment precursor border witness route customs record evidence driver buyer container
permit invoice authority State market price harvest survey network broker case file notice request
channel partner unit report figure year
"""
WORDS = _WORDS.split()
SCRIPTS = (
    "Груз проверяют вместе с документами.",
    "محموله را با اسناد مقایسه کنید.",
    "Les papiers d’abord, la marchandise ensuite.",
    "Preis und Menge müssen zusammenpassen.",
)


class Author:
    """Writes one lesson after another; the same seed gives the same lessons."""

    def __init__(self, seed: int) -> None:
        self.random = Random(seed)
        self.notes: list[str] = []

    def words(self, least: int = 3, most: int = 9) -> str:
        return " ".join(self.random.choices(WORDS, k=self.random.randint(least, most)))

    def phrase(self) -> str:
        """A few words, now and then with something inside a line."""
        plain = self.words()
        match self.random.randrange(22):
            case 0:
                return f"{plain} **{self.words(1, 3)}** {self.words(1, 3)}"
            case 1:
                return f"*{self.words(1, 2)}* {plain}"
            case 2:
                return f"{plain} [[precursor]]"
            case 3:
                return f"[[{self.words(1, 2)}|precursor]] {plain}"
            case 4:
                return f"{plain} `{self.words(1, 2)} [[x]]`"
            case 5:
                return f"{plain} [{self.words(1, 3)}](20-stocks.md#northern)"
            case 6:
                return f"{plain} [{self.words(1, 3)}](https://www.unodc.org/a_b/c?d=1&e=2)"
            case 7:
                return f"{plain} <https://www.incb.org/precursors>"
            case 8:
                return f"{plain} H<sub>2</sub>O and m<sup>2</sup>"
            case 9:
                return f"10,200 ± 200 ha (2 < 3 & 5 > 4), 80 % of {plain}"
            case 10:
                return f"{plain} “{self.words(1, 3)}” – ***{self.words(1, 2)}***, snake_case_name"
            case 11:
                return f"**“{self.words(1, 2)}”**, {plain} ([a *b*](#words), *c*)"
            case 12:
                self.notes.append(f"n{len(self.notes) + 1}")
                return f"{plain}[^{self.notes[-1]}]"
            case 13:
                return f"{plain} [{self.words(1, 2)}][unodc] and [unodc]"
            case 14:
                return f"the INCB and {plain}"
            case 15:
                return f"{plain} \\* 5 \\[x\\] 1988\\. &copy; &amp;"
            case _:
                return plain

    def sentence(self) -> str:
        if self.random.random() < 0.06:
            return self.random.choice(SCRIPTS)
        return self.phrase().capitalize() + self.random.choice(["." * 1, ".", "?", ":"])

    def paragraph(self) -> list[str]:
        ends = ["", "", "", "  ", "\\", "<br>"]
        lines = [
            self.sentence() + self.random.choice(ends) for _ in range(self.random.randint(0, 3))
        ]
        return [*lines, self.sentence()]

    def items(self, depth: int = 0) -> list[str]:
        """A list, ordered or not, nested by two to four spaces."""
        ordered = self.random.random() < 0.4
        mark = self.random.choice("-*+")
        loose = self.random.random() < 0.25
        lines: list[str] = []
        for number in range(1, self.random.randint(2, 5)):
            sign = f"{number}. " if ordered else f"{mark} "
            if loose and lines:
                lines.append("")
            lines.append(sign + self.phrase())
            indent = " " * (len(sign) if ordered else self.random.choice([2, 2, 3, 4]))
            if depth < 3 and self.random.random() < 0.35:
                lines += [indent + line for line in self.items(depth + 1)]
            elif self.random.random() < 0.15:
                lines.append(" " * len(sign) + self.phrase())
            elif loose and self.random.random() < 0.5:
                inner = self.random.choice([self.paragraph, self.code, self.quote, self.table])()
                lines += ["", *(" " * len(sign) + line if line else "" for line in inner)]
        return lines

    def tasks(self) -> list[str]:
        return [f"- [{self.random.choice(' x')}] {self.phrase()}" for _ in range(3)]

    def code(self) -> list[str]:
        fence = self.random.choice(["```", "~~~", "```text"])
        return [fence, "whois example.org", "", "  # [[x]] {{1}} <b>", fence[:3]]

    def quote(self) -> list[str]:
        inner = self.paragraph()
        if self.random.random() < 0.3:
            inner += ["", *self.items(2)]
        return [f"> {line}".rstrip() if not line.endswith("  ") else f"> {line}" for line in inner]

    def table(self) -> list[str]:
        columns = self.random.randint(2, 4)
        rows = [[self.phrase() for _ in range(columns)] for _ in range(self.random.randint(1, 4))]
        ruler = [self.random.choice(["---", ":--", "--:", ":-:"]) for _ in range(columns)]
        lines = [f"| {' | '.join(self.words(1, 2) for _ in range(columns))} |"]
        return [*lines, f"|{'|'.join(ruler)}|", *(f"| {' | '.join(row)} |" for row in rows)]

    def figure(self) -> list[str]:
        return self.random.choice(
            [
                [f'![{self.words()}](media/routes.svg "{self.sentence()} Credit: UNODC 2024")'],
                ["![](media/line.svg){.decorative}"],
                [
                    f"![{self.words()}, 4 min](media/interview.mp4)"
                    "{transcript=media/interview.md captions=media/interview.vtt}"
                ],
            ]
        )

    def steps(self) -> list[str]:
        count = self.random.randint(2, 5)
        steps = [f"{n}. **{self.words(1, 2)}** {self.phrase()}" for n in range(1, count)]
        return ["```steps", *steps, "```"]

    def check(self) -> list[str]:
        lines = ["```question", self.sentence(), ""]
        if self.random.random() < 0.3:
            lines += ["= 10200 ± 200 ha", "", f"> {self.sentence()}", "```"]
            return lines
        for mark in self.random.choice([["(x)", "( )"], ["[x]", "[x]", "[ ]"]]):
            lines += [f"- {mark} {self.phrase()}", f"  > {self.sentence()}"]
        return [*lines, "", f"> {self.sentence()}", "```"]

    def terms(self) -> list[str]:
        colon = self.random.choice([": ", ":   "])
        lines: list[str] = []
        for _ in range(self.random.randint(1, 3)):
            lines += [self.words(1, 2).capitalize(), colon + self.sentence(), ""]
        return lines[:-1]

    def callout(self, depth: int = 0) -> list[str]:
        kind = self.random.choice(["note", "warning", "tip", "example", "case", "law"])
        head = self.random.choice([f"!!! {kind}", f'!!! {kind} "{self.phrase()}"'])
        if self.random.random() < 0.25:
            head = f'??? "{self.phrase()}"'
        inner = self.blocks(self.random.randint(1, 3), depth + 1)
        return [head, *(f"    {line}" if line else "" for line in inner)]

    def blocks(self, count: int, depth: int = 0) -> list[str]:
        """Some blocks with empty lines between them."""
        kinds = [self.paragraph, self.paragraph, self.items, self.items, self.table, self.code]
        kinds += [self.quote, self.figure, self.terms, self.tasks, self.steps, self.check]
        lines: list[str] = []
        before: object = None
        for _ in range(count):
            callout = depth < 2 and self.random.random() < 0.2
            kind = self.callout if callout else self.random.choice(kinds)
            listed = (self.items, self.tasks)
            if kind == before or (kind in listed and before in listed):
                kind = self.paragraph  # two lists side by side are one, in every Markdown
            made = self.callout(depth) if kind == self.callout else kind()
            # A list may stand right under its sentence.
            tight = before == self.paragraph and kind == self.items and made[0][:2] in ("- ", "1.")
            lines += made if not lines or (tight and self.random.random() < 0.5) else ["", *made]
            before = kind
        return lines

    def lesson(self) -> str:
        self.notes = []
        lines = self.blocks(2)
        for number in range(self.random.randint(1, 4)):
            name = self.random.choice(["", f" {{#part-{number}}}", " {#северный}"])
            sign = self.random.choice(["##", "##", "###"])
            lines += ["", f"{sign} {self.words()}{name}", "", *self.blocks(4)]
        lines += ["", "*[INCB]: International Narcotics Control Board"]
        lines += ["", '[unodc]: https://www.unodc.org "UNODC"', ""]
        for note in self.notes:
            lines.append(f"[^{note}]: {self.sentence()}")
            if self.random.random() < 0.2:
                lines += ["", f"    {self.sentence()}", ""]
        return "\n".join(lines) + "\n"


def lessons(count: int, seed: int = 1988) -> list[str]:
    author = Author(seed)
    return [author.lesson() for _ in range(count)]
