from fractions import Fraction

import pytest

from lms.content.questions import id_of, read_question
from lms.rules.questions import Gap, Marking, NumberKey, Option, Pair, Scale, Type, WordKey
from tests.content.helpers import faults, found, question


def test_a_single_choice_has_options_with_feedback_and_an_explanation():
    made = question("""
        ## Which convention obliges Parties? {#art12 points=2 objective=LO3}

        The stem goes on:

        - with a list
        - of two

        > and a quotation.

        - (x) The 1988 Convention
          > Right: article 12
          > and its Tables.
        - ( ) The 1961 Convention
        - ( ) None of these {pin}

        > Explanation, shown later.
    """)
    assert made.id == "art12"
    assert made.type is Type.SINGLE
    assert made.heading == "Which convention obliges Parties?"
    assert made.body == ("The stem goes on:\n\n- with a list\n- of two\n\n> and a quotation.")
    assert made.points == 2
    assert made.objective == "LO3"
    assert made.options == (
        Option(
            text="The 1988 Convention", right=True, feedback="Right: article 12\nand its Tables."
        ),
        Option(text="The 1961 Convention"),
        Option(text="None of these", pin=True),
    )
    assert made.explanation == "Explanation, shown later."


def test_a_multiple_choice_is_marked_all_or_nothing_unless_it_says_otherwise():
    options = "\n\n- [x] One\n- [x] Two\n- [ ] Three"
    assert question("## Which? {#q}" + options).marking is Marking.ALL
    assert question("## Which? {#q marking=net}" + options).marking is Marking.NET


def test_weights_are_shares_of_the_points():
    made = question("""
        ## Which? {#q marking=weights}

        - [x] One {50%}
        - [x] Two {50%}
        - [ ] Three {-33.3% pin}
    """)
    assert [one.weight for one in made.options] == [
        Fraction(1, 2),
        Fraction(1, 2),
        Fraction(-333, 1000),
    ]
    assert made.options[2].pin


def test_true_alone_is_true_or_false_and_in_quotation_marks_a_word():
    assert question("## So? {#q}\n\n= true").options == (
        Option(text="true", right=True),
        Option(text="false"),
    )
    assert question("## So? {#q}\n\n= false").options[1].right
    assert question('## So? {#q}\n\n= "true"').words == (WordKey(pattern="true"),)


@pytest.mark.parametrize(
    ("line", "key"),
    [
        ("10200 ± 200 ha", (10000, 10400, ("ha",))),
        ("10200 +- 200 ha", (10000, 10400, ("ha",))),
        ("10000..10400 ha", (10000, 10400, ("ha",))),
        ("-5 .. -2.5", (-5, Fraction(-5, 2), ())),
        ("−3", (-3, -3, ())),
        ("80 %", (80, 80, ("%",))),
    ],
)
def test_a_number_is_a_range_with_both_limits(line, key):
    (made,) = question(f"## How much? {{#q}}\n\n= {line}").numbers
    assert (made.low, made.high, made.units) == key
    assert made.text == line


def test_units_may_be_spelt_in_several_ways_and_lines_give_parts_of_the_points():
    made = question("""
        ## How much? {#q}

        = 19 ± 0.6 t | tonnes | tons
        = 20 {50%}
    """)
    assert made.type is Type.NUMERIC
    assert made.numbers == (
        NumberKey(
            low=Fraction("18.4"),
            high=Fraction("19.6"),
            units=("t", "tonnes", "tons"),
            text="19 ± 0.6 t",
        ),
        NumberKey(low=Fraction(20), high=Fraction(20), weight=Fraction(1, 2), text="20"),
    )


def test_one_line_that_is_no_number_makes_words_of_all():
    made = question("## Which? {#q}\n\n= 12\n= twelve\n= *teen {50%}")
    assert made.type is Type.SHORT
    assert [(one.pattern, one.weight) for one in made.words] == [
        ("12", 1),
        ("twelve", 1),
        ("*teen", Fraction(1, 2)),
    ]


def test_type_decides_where_a_word_looks_like_a_number():
    assert question("## When? {#q}\n\n= 4 May").type is Type.NUMERIC
    assert question("## When? {#q type=short}\n\n= 4 May").words == (WordKey(pattern="4 May"),)
    assert faults("## When? {#q type=numeric}\n\n= soon") == ["question"]


def test_short_answers_may_forgive_a_letter_or_be_compared_exactly():
    assert question("## Who? {#q typos=1}\n\n= acetic anhydride").typos == 1
    assert question("## Who? {#q marking=exact}\n\n= AA").marking is Marking.EXACT


def test_matching_pairs_may_have_right_sides_too_many():
    made = question("""
        ## Where? {#q}

        - CARICC => Almaty
        - SELEC => Bucharest {was="SELEC Centre => Bucharest"}
        - => Vienna
    """)
    assert made.type is Type.MATCHING
    assert made.marking is Marking.SHARE
    assert made.pairs == (
        Pair(left="CARICC", right="Almaty"),
        Pair(left="SELEC", right="Bucharest", was=("SELEC Centre => Bucharest",)),
        Pair(left="", right="Vienna"),
    )


def test_a_numbered_list_is_the_right_order():
    made = question("""
        ## In which order? {#q marking=pairs order=fixed}

        1. Seize
        2. Label {was="Mark"}
        3. Store
    """)
    assert made.type is Type.ORDERING
    assert made.items == ("Seize", "Label", "Store")
    assert made.item_was == ((), ("Mark",), ())
    assert made.marking is Marking.PAIRS
    assert made.fixed


def test_gaps_are_typed_or_listed_and_stand_as_numbers_in_the_body():
    made = question("""
        ## Complete the sentence. {#q}

        Article {{12}} of the {{1988|1971|1961}} Convention, in `{{code}}`,

        names {{=PEN|PEN Online}}.
    """)
    assert made.type is Type.GAPS
    assert made.body == ("Article {{1}} of the {{2}} Convention, in `{{code}}`,\n\nnames {{3}}.")
    assert made.gaps == (
        Gap(texts=("12",)),
        Gap(texts=("1988", "1971", "1961"), listed=True),
        Gap(texts=("PEN", "PEN Online")),
    )


def test_a_gap_in_a_table_keeps_its_bars():
    made = question("## Fill in. {#q}\n\n| a | b |\n|---|---|\n| x | {{1|2}} |")
    assert made.body == "| a | b |\n|---|---|\n| x | {{1}} |"


def test_fenced_and_indented_code_has_no_gaps_and_no_answers():
    made = question("""
        ## Which? {#q}

        ```
        ## no heading
        - (x) no option
        = no key
        {{no gap}}
        ```

            {{no gap}}

        = yes
    """)
    assert made.words == (WordKey(pattern="yes"),)


def test_three_dots_alone_are_an_essay_with_a_rubric_for_markers():
    made = question("""
        ## Describe a case. {#q points=4}

        = ...

        > Rubric: gives reasons
        > - 2: names the article
        > - 2: names the authority

        > A good answer is short.
    """)
    assert made.type is Type.ESSAY
    assert made.rubric == "gives reasons\n- 2: names the article\n- 2: names the authority"
    assert made.explanation == "A good answer is short."


def test_a_survey_has_scales_numbers_and_options_without_a_key():
    scale = question('## Useful? {#q required}\n\n= 1..5 "not at all" "fully"', survey=True)
    assert scale.type is Type.SCALE
    assert scale.required
    assert scale.scale == Scale(low=1, high=5, low_label="not at all", high_label="fully")
    number = question("## How many years? {#q}\n\n= 0..999", survey=True)
    assert (number.type, number.scale) == (Type.NUMBER, Scale(low=0, high=999))
    plain = question("## Where? {#q}\n\n- Here\n- There", survey=True)
    assert plain.type is Type.CHOICE
    assert [one.text for one in plain.options] == ["Here", "There"]
    assert question("## Where? {#q}\n\n- ( ) Here\n- ( ) There", survey=True).type is Type.CHOICE
    assert question("## Where? {#q}\n\n- [ ] Here\n- [ ] There", survey=True).type is Type.MULTIPLE
    assert question("## More? {#q}\n\n= …", survey=True).type is Type.ESSAY


def test_a_survey_has_no_right_answers():
    assert faults("## Which? {#q}\n\n- (x) a\n- ( ) b", survey=True) == ["question"]
    assert faults("## Which? {#q}\n\n= word", survey=True) == ["question"]
    assert faults("## Which? {#q}\n\n1. a\n2. b", survey=True) == ["question"]


def test_the_first_marked_item_begins_the_answers_also_right_after_another_list():
    made = question("## Which? {#q}\n\n- fact\n- fact two\n- (x) a\n- ( ) b")
    assert made.body == "- fact\n- fact two"
    assert [one.text for one in made.options] == ["a", "b"]


def test_a_backslash_takes_the_meaning_away():
    made = question(
        "## Which? {#q}\n\n\\- (x) text\n\n\\= text\n\n\\{{text}}\n\n- a \\=> b => c\n- d => e"
    )
    assert made.type is Type.MATCHING
    assert made.pairs[0] == Pair(left="a => b", right="c")
    assert made.body == "\\- (x) text\n\n\\= text\n\n\\{{text}}"
    assert question("## W? {#q}\n\n= a\\*b").words == (WordKey(pattern="a\\*b"),)
    assert question("## W? {#q}\n\nx {{a\\|b}}").gaps == (Gap(texts=("a|b",)),)


def test_two_kinds_of_answers_are_an_error():
    assert faults("## Which? {#q}\n\n= a\n\n- (x) a\n- ( ) b") == ["question"]
    assert faults("## Which? {#q}\n\n{{a}}\n\n- (x) a\n- ( ) b") == ["question"]
    assert faults("## Which? {#q}\n\n{{a}}\n\n= b") == ["question"]


def test_text_after_the_answers_is_an_error_at_its_line():
    (finding,) = found("## Which? {#q}\n\n- (x) a\n- ( ) b\n\nMore text.")
    assert finding.rule == "question"
    assert finding.line == 5
    assert faults("## Which? {#q}\n\nArticle {{12}}.\n\nMore text.") == ["question"]


def test_a_quotation_right_below_the_answers_is_an_error():
    (finding,) = found("## Which? {#q}\n\n- (x) a\n- ( ) b\n> which?")
    assert (finding.rule, finding.line) == ("question", 5)


def test_an_option_goes_on_over_several_lines_and_blocks():
    made = question("""
        ## Which? {#q}

        - (x) A long option
          that goes on {pin}

          ```
          - (x) code
          ```
          > Yes.

        - ( ) short
          > No.

          > Never.
    """)
    assert made.options[0].text == "A long option\nthat goes on\n\n```\n- (x) code\n```"
    assert made.options[0].pin
    assert made.options[0].feedback == "Yes."
    assert made.options[1].feedback == "No.\n\nNever."


def test_a_question_without_an_id_is_called_by_its_heading():
    made, findings = read_question("Which?\n\n= a")
    assert made.id == id_of("Which?") == "q-" + made.id[2:]
    assert len(made.id) == 10
    assert findings == ()


def test_braces_that_are_no_attributes_are_text_with_a_warning():
    made, findings = read_question("What is {x, y}\n\n= a")
    assert made.heading == "What is {x, y}"
    assert [one.rule for one in findings] == ["braces"]
    _, findings = read_question("Which? {#q objektive=LO1}\n\n= a")
    assert "did you mean `objective`?" in findings[0].wrong
    assert faults("## What is \\{x}\n\n= a") == []


def test_values_in_quotation_marks_hold_spaces():
    made = question('## Which? {#q tags="pp, market" objective="LO1"}\n\n= a')
    assert made.tags == ("pp", "market")
    assert made.objective == "LO1"


@pytest.mark.parametrize("points", ["2", "0.5", "1/2"])
def test_points_are_whole_decimal_or_a_fraction(points):
    assert question(f"## W? {{#q points={points}}}\n\n= a").points == Fraction(points)


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("- ( ) a\n- ( ) b", "no-right-answer"),
        ("- [ ] a\n- [ ] b", "no-right-answer"),
        ("- (x) a\n- (x) b", "two-right"),
        ("- (x) a\n- ( ) a", "doubled-answer"),
        ("- (x) a", "question"),
        ("- (x) a\n- b", "question"),
        ("- (x) a\n- [ ] b", "question"),
        ("- a\n- b", "question"),
        ("no answers", "question"),
        ("text\n= a", "question"),
        (" - (x) a\n - ( ) b", "question"),
        ("1. a\n2. a", "doubled-answer"),
        ("1. a", "question"),
        ("1. a\n   > no\n2. b", "question"),
        ("- a => b\n  > no\n- c => d", "question"),
        ("- (x) a\n  > yes\n\n  more\n- ( ) b", "question"),
        ("= a\n  > no", "question"),
        ("- a =>\n- b => c", "question"),
        ("{{}} and {{a}}", "question"),
        ("{{a|a}}", "doubled-answer"),
        ("{{a}} and {{b", "question"),
        ("= 9 {50%}", "no-right-answer"),
        ("= 5..3", "question"),
        ("= 10,200", "number-as-words"),
        ("= 80%", "number-as-words"),
        ("- [x] a {50%}\n- [ ] b", "value"),
    ],
)
def test_what_is_no_question_is_found(text, rule):
    assert faults("## Which? {#q}\n\n" + text) == [rule]


@pytest.mark.parametrize(
    "word", ["points=none", "marking=net", "order=random", "type=short", "typos=1", "points=0"]
)
def test_a_known_word_with_a_wrong_value_is_an_error(word):
    assert faults(f"## Which? {{#q {word}}}\n\n- (x) a\n- ( ) b") == ["value"]


def test_text_in_values_is_composed_whatever_the_file_has():
    made, _ = read_question("Cafe\u0301?\n\n= a")
    assert made.heading == "Caf\u00e9?"
