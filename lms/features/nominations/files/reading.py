"""From the bytes of any file to a table."""

from lms.features.nominations.files import delimited, workbooks
from lms.features.nominations.files.encodings import Encoding
from lms.features.nominations.files.table import LARGEST, Table
from lms.rules.refusal import Refusal, marked

ARCHIVE = b"PK\x03\x04"
OLD_WORKBOOK = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"  # .xls, and workbooks with a password
OTHERS = (b"%PDF", b"{\\rtf", b"\x89PNG", b"\xff\xd8\xff", b"GIF8")


def read(data: bytes, *, encoding: Encoding | None = None, delimiter: str | None = None) -> Table:
    """The table in a CSV or XLSX file, known by its content and not by its name. Raises Refusal."""
    if not data.strip():
        raise Refusal(marked("This file is empty. Choose another one."))
    if len(data) > LARGEST:
        raise Refusal(marked("This file is larger than 20 MB. Divide it into several files."))
    if data.startswith(OLD_WORKBOOK):
        raise Refusal(
            marked(
                "This is an old workbook (.xls) or one with a password. Save it as XLSX or CSV "
                "without a password, and upload it again."
            )
        )
    if data.startswith(ARCHIVE):
        return workbooks.read(data)
    if data.startswith(OTHERS):
        raise Refusal(marked("This is no table. Upload a CSV or XLSX file."))
    return delimited.read(data, encoding=encoding, delimiter=delimiter)
