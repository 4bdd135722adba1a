"""What a machine can see of a screen: errors, sideways scroll, axe-core's rules."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from playwright.sync_api import ConsoleMessage, Page

from tests.e2e.system import ROOT

_AXE = ROOT / "web" / "node_modules" / "axe-core" / "axe.min.js"

# Elements that scroll sideways on purpose, each with its own cut-off edge to say so.
_MAY_SCROLL = ".table-scroll, .shelves, [class*='_tabs_'], [class*='_table_'], [class*='_board_']"

_SIDEWAYS = """(mayScroll) => {
  const wide = (element) => element.scrollWidth > element.clientWidth + 1;
  const found = wide(document.documentElement) ? ["the page"] : [];
  for (const element of document.querySelectorAll("body *")) {
    const { overflowX } = getComputedStyle(element);
    const scrolls = overflowX === "auto" || overflowX === "scroll";
    if (scrolls && wide(element) && !element.matches(mayScroll)) {
      found.push(`${element.tagName}.${element.className}`);
    }
  }
  return found;
}"""

_RUN_AXE = """async () => {
  const { violations } = await axe.run(document, { resultTypes: ["violations"] });
  return violations.flatMap((rule) =>
    rule.nodes.map((node) => `${rule.id}: ${node.target.join(" ")}: ${node.failureSummary}`));
}"""

_SETTLED = """() => document.getAnimations().every((each) => each.playState !== "running")
  && document.querySelector("[aria-busy=true]") === null
  && document.fonts.status === "loaded"
  && [...document.images].every((image) => image.complete || image.loading === "lazy")"""


@contextmanager
def listening(page: Page) -> Iterator[list[str]]:
    """Collect what the page reports as an error meanwhile."""
    problems: list[str] = []

    def said(message: ConsoleMessage) -> None:
        if message.type == "error":
            problems.append(f"{message.text} ({message.location.get('url', '')})")

    def thrown(error: Any) -> None:
        problems.append(str(error))

    page.on("console", said)
    page.on("pageerror", thrown)
    try:
        yield problems
    finally:
        page.remove_listener("console", said)
        page.remove_listener("pageerror", thrown)


def settle(page: Page) -> None:
    """Wait until nothing is loading or moving any more."""
    page.wait_for_function(_SETTLED, timeout=10_000)


def sideways(page: Page) -> list[str]:
    """What can be scrolled sideways and should not."""
    found: list[str] = page.evaluate(_SIDEWAYS, _MAY_SCROLL)
    return found


def violations(page: Page) -> list[str]:
    """What axe-core objects to."""
    if not page.evaluate("'axe' in window"):
        assert _AXE.is_file(), "axe-core is missing: run `npm ci` in the folder web/"
        page.evaluate(_AXE.read_text())
    found: list[str] = page.evaluate(_RUN_AXE)
    return found
