"""The drawn code is the code that was asked for."""

import re

import segno

from lms.features.certificates.qr import qr_path

ADDRESS = "https://learning.example.org/verify/7K3MQ9TX4WRDHN8P2VCE"
RUN = re.compile(r"M(\d+) (\d+)h(\d+)v1h-(\d+)z")


def test_the_path_draws_each_dark_module_once_and_no_other():
    size, path = qr_path(ADDRESS)
    drawn = [
        (int(x) + step, int(y))
        for x, y, wide, back in RUN.findall(path)
        if wide == back
        for step in range(int(wide))
    ]
    rows = segno.make_qr(ADDRESS, error="m").matrix
    dark = [(x, y) for y, row in enumerate(rows) for x, module in enumerate(row) if module]
    assert sorted(drawn) == sorted(dark)
    assert size == len(rows) == 33
    assert RUN.sub("", path) == ""


def test_the_same_address_gives_the_same_path():
    assert qr_path(ADDRESS) == qr_path(ADDRESS)
