"""Every column says whether it is about a person: a new one fails here until somebody has."""

from lms.models import Base
from lms.models.personal import OF_NOBODY, OF_PEOPLE

SAID = {name: one.columns for name, one in OF_PEOPLE.items()} | {
    name: columns.split() for name, columns in OF_NOBODY.items()
}


def test_every_column_of_every_table_is_listed_once():
    tables = {name: sorted(table.columns.keys()) for name, table in Base.metadata.tables.items()}

    assert {name: sorted(columns) for name, columns in SAID.items()} == tables


def test_a_table_is_of_people_or_of_nobody():
    assert not set(OF_PEOPLE) & set(OF_NOBODY)


def test_every_way_leads_to_a_person():
    for name in OF_PEOPLE:
        seen = []
        while name != "person":
            assert name not in seen
            seen.append(name)
            column = Base.metadata.tables[name].c[OF_PEOPLE[name].via]
            name = next(iter(column.foreign_keys)).column.table.name


def test_what_is_erased_is_a_column_of_the_table():
    for name, holding in OF_PEOPLE.items():
        assert set(holding.erased) <= set(holding.columns), name


def test_no_secret_is_told():
    told = {column for one in OF_PEOPLE.values() for column in one.told.split()}

    assert not {one for one in told if one.endswith("hash") or one in ("id", "secret", "token")}
