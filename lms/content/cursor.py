"""A place in a line, in columns: where white space counts, a tab reaches to the next fourth."""


class Cursor:
    """The line at hand and how far it has been read."""

    def __init__(self) -> None:
        self.line = ""
        self.at = 0

    def indent(self) -> int:
        """How many columns of white space follow; their tabs become spaces on the way."""
        place = self.at
        while place < len(self.line) and self.line[place] in " \t":
            if self.line[place] == "\t":
                spaces = " " * (4 - place % 4)
                self.line = self.line[:place] + spaces + self.line[place + 1 :]
            place += 1
        return place - self.at

    def rest(self) -> str:
        return self.line[self.at :]

    def blank(self) -> bool:
        return not self.rest().strip(" \t")
