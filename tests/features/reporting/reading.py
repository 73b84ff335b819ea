"""What a reader finds: the rows of the screen over all its pages, and those of the file."""

import csv
import html
import io
import re

CELL = re.compile(r'<t[dh] role="(?:cell|rowheader)"[^>]*>(.*?)</t[dh]>', re.DOTALL)
WORDS = {
    "not_started": "Not started",
    "in_progress": "In progress",
    "overdue": "Overdue",
    "awaiting_marking": "Awaiting marking",
    "completed": "Completed",
    "failed": "Not passed",
    "expired": "Expired",
    "withdrawn": "Withdrawn",
}


def plain(markup):
    return html.unescape(re.sub(r"<[^>]+>", "", markup)).strip()


def main_of(page):
    """The content in words, without the head and the account menu."""
    return plain(re.sub(r"<(select|svg).*?</\1>", "", page[page.index("<main") :], flags=re.DOTALL))


def with_page(url, number):
    return f"{url}{'&' if '?' in url else '?'}page={number}"


def screen(browser, url):
    """(total, rows): each row is name, State, status, lessons[, score], begun, completed."""
    rows, number = [], 1
    while True:
        answer = browser.get(with_page(url, number))
        assert answer.status_code == 200, url
        rows += listed(answer.text)
        total = int(re.search(r"<b>([\d,]+) places?</b>", answer.text)[1].replace(",", ""))
        if len(rows) >= total:
            return total, rows
        number += 1


def listed(page):
    """The rows of the list on a page, each a tuple of words."""
    body = page.partition('<tbody role="rowgroup">')[2].partition("</tbody>")[0]
    return [tuple(map(plain, CELL.findall(row))) for row in body.split("</tr>") if row.strip()]


def read(answer):
    """The rows of a CSV answer by the keys of its head."""
    assert answer.status_code == 200
    text = answer.data.decode("utf-8")
    assert text.startswith("\ufeff")
    return list(csv.DictReader(io.StringIO(text[1:], newline="")))


def take(browser, url, **kwargs):
    """The answer with the file, after the reason was given."""
    fields = {"reason": "Yearly report", "csrf_token": browser.token("/account/display")}
    return browser.post(url, data=fields, **kwargs)


def file(browser, url):
    """The rows of the file, written as the screen writes them."""
    path, mark, query = url.partition("?")
    return [as_shown(row) for row in read(take(browser, f"{path}.csv{mark}{query}"))]


def as_shown(row):
    score = []
    if "final_quiz_percent" in row:
        score = [f"{row['final_quiz_percent']}%" if row["final_quiz_percent"] else "–"]
    return (
        f"{row['given_name']} {row['family_name']}",
        row["state"],
        WORDS[row["status"]],
        f"{row['lessons_completed']} of {row['lessons']}",
        *score,
        shown_day(row["began"]),
        shown_day(row["completed"]) or "–",
    )


def shown_day(text):
    if not text:
        return ""
    months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
    year, month, day = text.split("-")
    return f"{int(day)} {months[int(month) - 1]} {year}"


def numbers_of(page):
    """The four numbers by their names, without what each counts."""
    found = re.findall(r"<dt>(.*?)</dt><dd>(.*?)(?:<small>|</dd>)", page)
    return {plain(name): plain(number) for name, number in found}


def table_of(page, caption):
    """The rows of the table behind a chart."""
    table = page.partition(f'<caption class="hide">{caption}</caption>')[2]
    body = table.partition("</table>")[0].partition("<tbody>")[2]
    return [
        tuple(plain(cell) for cell in re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", row))
        for row in body.split("</tr>")
        if "<t" in row
    ]


def finding_of(page, chart):
    return plain(re.search(rf'<h2 id="{chart}">(.*?)</h2>', page)[1])
