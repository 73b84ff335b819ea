"""8,544 attacks of others go through the renderer into a real browser; none may do anything.

Without a content policy the sanitizer stands alone; with it, our own pages must give it nothing
to report. The control shows that the browser and the triggers do find what runs.
"""

import html
import json
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

import markdown
import pytest
from playwright.sync_api import Browser, Page, Route

from lms.content.rendering import Media, Surroundings, render

pytestmark = pytest.mark.browser

OWN = "http://lms.test"
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; media-src 'self'; "
    "font-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; "
    "frame-ancestors 'none'; require-trusted-types-for 'script'; report-uri /csp-reports"
)
A_PAGE = 400
IN_CONTROL = 10  # every tenth payload, each in a frame of its own
FRAMES = 45

# A resolver that believes everything: the worst that a caller could hand in.
WORST = Surroundings(
    course="x",
    media={"media/x.svg": Media("/media/x.svg", 10, 10)},
    terms={"x": "x"},
    links=lambda path: path,
)
# Beside standing alone, each payload stands once in one of these places.
PLACES = (
    "[a]({})",
    "![{}](media/x.svg '{}')",
    '!!! note "{}"\n    {}',
    "[[{}]] [[a|{}]]",
    "## {} {{#{}}}",
    "| a | {} |\n|---|---|\n| {} | b |",
    "> - {}\n\n[a]: {}\n\n[a]",
    "```question\n{}\n\n- (x) {}\n  > {}\n```",
    "*[a]: {}\n\na [^1] {}\n\n[^1]: {}",
    "![a](media/x.svg){{{}}} <{}>",
    "<sub>{}</sub> **{}** `{}`",
)

HOOKS = """
  for (const name of ['alert', 'confirm', 'prompt', 'print'])
    window[name] = () => { try { top.ran.push(window.name) } catch (e) { ran.push('?') } };
  if (window === top) { window.ran = []; window.reports = [] }
  document.addEventListener('securitypolicyviolation',
    event => top.reports.push(event.violatedDirective + ' ' + event.blockedURI));
"""
TRIGGERS = """
  const kinds = ['load', 'error', 'mouseover', 'mouseenter', 'pointerover', 'focus', 'focusin',
                 'toggle', 'animationstart', 'animationend', 'transitionend', 'keydown', 'submit'];
  const poke = doc => {
    doc.addEventListener('click', event => {
      const link = event.target.closest && event.target.closest('a[href], area[href]');
      if (link && /^(https?|mailto):/.test(link.protocol)) event.preventDefault();
    }, true);
    for (const element of [...doc.querySelectorAll('*')]) {
      // Whatever handler an element brings along, its own event is made to happen.
      const own = [...element.attributes].map(one => one.name).filter(name => /^on/.test(name));
      for (const kind of [...kinds, ...own.map(name => name.slice(2))])
        try { element.dispatchEvent(new Event(kind)) } catch (e) {}
      try { element.dispatchEvent(new MouseEvent('click', {bubbles: true, cancelable: true})) }
      catch (e) {}
    }
  };
"""


@dataclass
class Seen:
    """What the browser did while it showed the pages."""

    ran: list[str] = field(default_factory=list)
    foreign: list[str] = field(default_factory=list)
    reports: list[str] = field(default_factory=list)
    unfit: list[str] = field(default_factory=list)


@pytest.fixture(scope="module")
def attacks(cases: Path) -> list[str]:
    found = []
    for name in ("xss.jsonl", "markdown-xss.jsonl"):
        with (cases / "security" / name).open(encoding="utf-8") as lines:
            found += [json.loads(line)["payload"] for line in lines]
    assert len(found) == 8_544
    return found


@pytest.fixture(scope="module")
def pages(attacks: list[str]) -> list[str]:
    """All attacks, rendered as what an author would have written, some hundreds on a page."""
    made = []
    for number, payload in enumerate(attacks):
        place = PLACES[number % len(PLACES)]
        placed = place.format(*[payload.replace("\n", " ")] * place.count("{}"))
        made.append(render(payload, WORST).html + render(placed, WORST).html)
    return ["\n".join(made[start : start + A_PAGE]) for start in range(0, len(made), A_PAGE)]


def whole(body: str) -> str:
    return f'<!doctype html><html lang="en"><meta charset="utf-8"><title>x</title>{body}</html>'


def show(chromium: Browser, bodies: list[str], policy: str = "") -> Seen:
    """Show each body as a page of our own origin and poke at every element of it."""
    seen, current = Seen(), [""]
    context = chromium.new_context()
    context.add_init_script(HOOKS)

    def answer(route: Route) -> None:
        address = urlsplit(route.request.url)
        if f"{address.scheme}://{address.netloc}" != OWN:
            seen.foreign.append(route.request.url)
            route.abort()
        elif route.request.resource_type == "document" and address.path == "/":
            headers = {"Content-Security-Policy": policy} if policy else {}
            headers["Content-Type"] = "text/html; charset=utf-8"
            route.fulfill(body=whole(current[0]), headers=headers)
        else:
            if address.path == "/csp-reports":
                seen.reports.append(route.request.post_data or "")
            route.fulfill(status=404, body="")

    context.route("**/*", answer)
    page = context.new_page()
    page.on("dialog", lambda dialog: (seen.ran.append(dialog.message), dialog.dismiss()))
    for body in bodies:
        current[0] = body
        page.goto(OWN + "/", wait_until="load")
        _poke(page, seen)
    context.close()
    return seen


def _poke(page: Page, seen: Seen) -> None:
    found = page.evaluate(
        "() => {"
        + TRIGGERS
        + """
        const all = [...document.querySelectorAll('a[href]')];
        const unfit = all.map(a => a.protocol).filter(p => !/^(https?|mailto):$/.test(p));
        poke(document);
        return {unfit, elements: document.querySelectorAll('*').length};
        }"""
    )
    page.wait_for_timeout(50)
    after = page.evaluate("() => ({ran: window.ran, reports: window.reports, at: location.href})")
    seen.unfit += found["unfit"] + ([] if after["at"].startswith(OWN) else [after["at"]])
    seen.ran += after["ran"]
    seen.reports += after["reports"]


def test_no_attack_runs_or_calls_out_without_a_policy(chromium, pages):
    seen = show(chromium, pages)
    print(f"\nno policy: {len(seen.ran)} ran, {len(seen.foreign)} foreign requests")
    assert (seen.ran, seen.foreign, seen.unfit) == ([], [], [])


def test_no_attack_gives_the_policy_anything_to_report(chromium, pages):
    seen = show(chromium, pages, POLICY)
    print(f"\nwith the policy: {len(seen.ran)} ran, {len(seen.reports)} reports")
    assert (seen.ran, seen.foreign, seen.reports) == ([], [], [])


def test_these_pages_would_show_what_runs_calls_out_or_is_reported(chromium):
    bad = '<img src="/x" onerror="alert(1)"><img src="https://a.test/x"><a href="blob:x">a</a>'
    free, held = show(chromium, [bad]), show(chromium, [bad], POLICY)
    assert (bool(free.ran), free.foreign, free.unfit) == (True, ["https://a.test/x"], ["blob:"])
    assert (held.ran, held.foreign) == ([], [])
    assert held.reports


def test_the_same_attacks_do_run_when_markdown_alone_renders_them(chromium, attacks):
    """A third of the payloads runs in the control, so silence above means something."""
    sample = attacks[::IN_CONTROL]
    frames = [
        f'<iframe name="{number}" srcdoc="{html.escape(whole(markdown.markdown(payload)))}">'
        "</iframe>"
        for number, payload in enumerate(sample)
    ]
    ran: set[str] = set()
    context = chromium.new_context()
    context.add_init_script(HOOKS)
    current = [""]

    def answer(route: Route) -> None:
        own = route.request.url == OWN + "/" and route.request.frame.parent_frame is None
        if own:
            route.fulfill(body=whole(current[0]), content_type="text/html; charset=utf-8")
        else:
            route.abort()

    context.route("**/*", answer)
    for start in range(0, len(frames), FRAMES):
        page = context.new_page()
        current[0] = "".join(frames[start : start + FRAMES])
        page.goto(OWN + "/", wait_until="domcontentloaded")
        page.wait_for_timeout(400)
        page.evaluate(
            "() => {"
            + TRIGGERS
            + """
            for (const frame of document.querySelectorAll('iframe'))
              try { poke(frame.contentDocument) } catch (e) {}
            }"""
        )
        page.wait_for_timeout(200)
        ran.update(page.evaluate("() => window.ran"))
        page.close()
    context.close()
    share = len(ran & {str(number) for number in range(len(sample))}) / len(sample)
    print(f"\ncontrol: {share:.1%} of {len(sample)} payloads run in Python-Markdown alone")
    assert share >= 0.30
