import pytest

from lms.web import charts


@pytest.mark.parametrize(
    ("n", "of", "share"),
    [(0, 5, 0), (5, 5, 100), (1, 8, 13), (131, 214, 61), (1, 200, 1), (4, 4, None), (0, 0, None)],
)
def test_a_share_is_rounded_half_up_and_withheld_below_five(n, of, share):
    assert charts.percent(n, of) == share


def test_a_share_of_nothing_is_never_divided():
    assert charts.percent(0, 0, least=0) is None


def test_a_stack_fills_its_bar_with_gaps_at_the_joints():
    (bar,) = charts.stacked([("Albania", (21, 8, 3))])
    assert bar.pieces == (
        ("c1", "0.0%", "65.2%"),
        ("c2 ln", "66.0%", "24.2%"),
        ("c3 ln3", "91.0%", "9.0%"),
    )
    assert (bar.percent, bar.first, bar.total) == (66, 21, 32)


def test_parts_without_anybody_leave_no_gap():
    (bar,) = charts.stacked([("Norway", (0, 14, 0))])
    assert bar.pieces == (("c2 ln", "0.0%", "100.0%"),)


def test_a_row_without_anybody_is_an_empty_bar():
    (bar,) = charts.stacked([("Malta", (0, 0, 0))])
    assert (bar.pieces, bar.percent, bar.total) == ((), None, 0)


def test_a_sliver_is_never_shorter_than_nothing():
    (bar,) = charts.stacked([("Big", (999, 1, 999))])
    assert [piece.width for piece in bar.pieces] == ["49.6%", "0.0%", "49.6%"]


def test_the_highest_column_fills_the_height():
    september, october = charts.columns([("Sep", 24), ("Oct", 32)], gold=["Oct"])
    assert september == ("Sep", "c1", "25.0%", "75.0%", 24)
    assert october == ("Oct", "c4", "0.0%", "100.0%", 32)


def test_columns_of_nothing_have_no_height():
    assert charts.columns([]) == []
    assert charts.columns([("Sep", 0)]) == [("Sep", "c1", "100.0%", "0.0%", 0)]


def test_bars_are_shares_of_the_same_whole():
    first, last = charts.bars([("1", 181), ("Final", 131)], of=214, gold=["Final"])
    assert first == ("1", "c1", "84.6%", 181, 85)
    assert last == ("Final", "c4", "61.2%", 131, 61)


def test_bars_of_a_small_group_carry_numbers_only():
    (bar,) = charts.bars([("1", 3)], of=4)
    assert (bar.number, bar.percent) == (3, None)
