"""The `= ` lines below a question: numbers, words, scales, true or false, an essay."""

import re
from collections.abc import Sequence
from fractions import Fraction

from lms.content import amounts
from lms.content.braces import item_attributes
from lms.content.findings import Report
from lms.rules.questions import NumberKey, Scale, Type, WordKey

_N = r"[-−+]?[0-9]{1,30}(?:\.[0-9]{1,30})?"
_UNIT = r'[^\s0-9|{}"]+'
_NUMBER = re.compile(
    rf"(?P<one>{_N})(?: ?(?:±|\+-) ?(?P<by>{_N})| ?\.\. ?(?P<to>{_N}))?"
    rf"(?P<units>(?: {_UNIT}(?: \| {_UNIT})*)?)"
)
_SCALE = re.compile(r'(-?[0-9]{1,9}) ?\.\. ?(-?[0-9]{1,9})((?: +"[^"]*"){0,2})')
# Grouped digits, a decimal comma, a sign right behind: meant as a number, read as words.
_ALMOST = re.compile(
    r"[-−+]?(?:[0-9]{1,3}(?:[,.' \u00a0\u202f][0-9]{3})+(?:[.,][0-9]{1,9})?|[0-9]{1,9},[0-9]{1,9}"
    r"|[0-9]{1,9}(?:\.[0-9]{1,9})?(?=[%°€$]))(?: ?[^\s0-9]+)?"
)
ESSAY = ("…", "...")
MOST_POINTS = 20  # of a scale


def number_key(text: str) -> NumberKey | None:
    """`10200 ± 200 ha`, `1..2`, `19 t | tonnes`; None when it is no number."""
    found = _NUMBER.fullmatch(text)
    one = amounts.decimal(found["one"]) if found else None
    if found is None or one is None:
        return None
    low = high = one
    if found["by"]:
        by = amounts.decimal(found["by"])
        if by is None or by < 0:
            return None
        low, high = one - by, one + by
    elif found["to"]:
        to = amounts.decimal(found["to"])
        if to is None:
            return None
        high = to
    units = tuple(unit.strip() for unit in found["units"].split(" | ") if unit.strip())
    # the first unit is part of what is shown, its other spellings are not
    return NumberKey(low=low, high=high, units=units, text=text.split(" | ")[0])


def number_text(key: NumberKey) -> str:
    """The key as a line's text. Raises ValueError when a limit is no decimal."""
    shown = number_key(key.text)
    if shown and (shown.low, shown.high, shown.units) == (key.low, key.high, key.units[:1]):
        text = key.text
    elif key.low == key.high:
        text = " ".join([amounts.decimal_text(key.low), *key.units[:1]])
    else:
        limits = f"{amounts.decimal_text(key.low)}..{amounts.decimal_text(key.high)}"
        text = " ".join([limits, *key.units[:1]])
    return " | ".join([text, *key.units[1:]])


def scale_of(text: str) -> tuple[Type, Scale] | None:
    """`1..5 "not at all" "fully"` is a scale, `0..999` a number."""
    found = _SCALE.fullmatch(text)
    if not found:
        return None
    labels = re.findall('"([^"]*)"', found[3])
    low_label, high_label = [*labels, "", ""][:2]
    scale = Scale(low=int(found[1]), high=int(found[2]), low_label=low_label, high_label=high_label)
    return (Type.SCALE if labels else Type.NUMBER), scale


def scale_text(scale: Scale, type: Type) -> str:
    text = f"{scale.low}..{scale.high}"
    if type is Type.SCALE:
        text += f' "{scale.low_label}" "{scale.high_label}"'
    return text


def word_pattern(text: str) -> str:
    r"""What a line accepts: `"…"` taken off, `\=` `\{` `\[` `\|` without their backslash."""
    if len(text) > 1 and text.startswith('"') and text.endswith('"'):
        text = text[1:-1]
    return re.sub(r"\\([={\[|])", r"\1", text)


def word_text(pattern: str) -> str:
    """The pattern as a line's text, so that it is read as this very word."""
    text = re.sub(r"\{|(?<=\\)[=\[|]", lambda sign: "\\" + sign[0], pattern)
    special = text.casefold() in ("true", "false") or text in ESSAY or text != text.strip()
    return f'"{text}"' if special or (text.startswith('"') and text.endswith('"')) else text


def read_keys(
    texts: Sequence[tuple[str, int]], kind: str, report: Report
) -> tuple[Type, tuple[NumberKey, ...], tuple[WordKey, ...]]:
    """Numbers or words from `= ` lines, given as text and line; kind is what `type=` says."""
    pairs = []
    for text, line in texts:
        bare, said = item_attributes(text, report, line, weight=True)
        share = Fraction(1) if said.weight is None else said.weight
        if share < 0:
            report.add("value", "an answer takes no points away", line, 1, "write {0%} to {100%}")
        pairs.append((bare, share, line))
    read = [number_key(bare) for bare, _, _ in pairs]
    if kind == "numeric" or (kind != "short" and all(read)):
        numbers = []
        for key, (bare, share, line) in zip(read, pairs, strict=True):
            if key is None:
                wrong = f"`{bare[:60]}` is no number with a unit"
                report.add("question", wrong, line, 3, "write such as `= 19 ± 0.6 t`")
            elif key.low > key.high:
                report.add("question", "the range ends before it begins", line, 3, "turn it round")
            else:
                numbers.append(
                    NumberKey(
                        low=key.low, high=key.high, units=key.units, weight=share, text=key.text
                    )
                )
        return Type.NUMERIC, tuple(numbers), ()
    words = []
    for bare, share, line in pairs:
        pattern = word_pattern(bare)
        if not pattern.strip():
            report.add("question", "the answer is empty", line, 3, "write it after `= `")
            continue
        if kind != "short" and _ALMOST.fullmatch(bare):
            wrong = f"`{bare[:60]}` looks like a number and is compared as words"
            report.add("number-as-words", wrong, line, 3)
        words.append(WordKey(pattern=pattern, weight=share))
    return Type.SHORT, (), tuple(words)
