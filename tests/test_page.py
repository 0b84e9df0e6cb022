"""The page in a real Chromium: as one types, facets, Back, keys, no script, axe, strangers."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl, urlsplit

import pytest
from playwright.sync_api import expect

import browsers
from cli_runs import make_archive, run
from servers import Server, serving

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from playwright.sync_api import Browser, Locator, Page, Route

MANY = 34
STRANGE = """\
---
title: "</title><script>canary('title')</script> <img src=x onerror=canary(1)> \\u202E\\u2066abc"
excerpt: "<svg onload=canary('excerpt')> strange <iframe srcdoc='<script>canary(1)</script>'>"
topics: ["<b onclick=canary('topic')>topic</b>", "\\"><script>canary(2)</script>", "\\u202Ecipot"]
provider: {name: "'\\" onmouseover=canary('provider') autofocus onfocus=canary('provider') x='"}
category: "<svg/onload=canary('category')>"
webUrl: "javascript:canary('link')"
image: "https://photo.example/x.png\\" onerror=\\"canary('image')"
publishedDateTime: 2022-02-02
quality: 70
heat: 1000000000
declared: "<script>canary('extra')</script>"
---
# <script>canary('heading')</script>

<script>canary('body')</script><img src=x onerror=canary('img')><svg onload=canary('svg')></svg>
<a href="javascript:canary('href')" onclick="canary('click')" class="strange">strange link</a>
<style>* { display: none } @import url(https://evil.example/style.css);</style>
<p style="background: url(https://evil.example/ground.png); position: fixed">styled</p>
<iframe src="https://evil.example/frame"></iframe><object data="https://evil.example/o"></object>
<meta http-equiv="refresh" content="0;url=https://evil.example/r"><base href="https://evil.example/">
<form action="https://evil.example/form"><input name=q autofocus onfocus="canary('focus')"></form>
<math><mtext><table><mglyph><style><!--</style><img title="--&gt;&lt;img src=1 onerror=evil()&gt;">
<details open ontoggle=canary('toggle')><summary>more</summary></details>
[strange](javascript:canary('markdown')) ![](data:image/svg+xml;base64,PHN2Zy8+)
"""
TWIN = """\
---
title: Harbour city floods after the great storm of October
excerpt: {excerpt}
provider: {{name: {provider}}}
publishedDateTime: 2023-10-0{day}
---
"""


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("page")
    seeds = make_archive(folder)
    for number in range(MANY):
        (seeds / f"many{number:02}.md").write_text(
            f"---\ntitle: Turbine report {number}\nexcerpt: Wind and climate in year {number}.\n"
            f"topics: [Wind, Region {number:02}]\nprovider: {{name: Mill {number % 3}}}\n"
            f"publishedDateTime: {2015 + number % 5}-{1 + number % 12:02}-03\n"
            f"quality: {number}\nheat: {3 * number}\nimage: https://photo.example/{number}.png\n"
            f"---\n\nBlades, {'towers ' * (number + 1)} and masts.\n"
        )
    for day, provider in enumerate(("Tide", "Quay"), 1):
        text = TWIN.format(excerpt="Streets under water.", provider=provider, day=day)
        (seeds / f"twin{day}.md").write_text(text)
    (seeds / "strange.md").write_text(STRANGE)
    (seeds / "vast.md").write_text(f"---\ntitle: {'vast' * 250_000}\n---\nstrange and vast\n")
    assert run("heatseek", "rebuild", cwd=folder).code in {0, 4}
    return folder


@pytest.fixture(scope="module")
def server(home: Path) -> Iterator[Server]:
    browsers.chromium()
    with serving(home) as started:
        yield started


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with browsers.browser() as opened:
        yield opened


@contextmanager
def opened(browser: Browser, server: Server, **settings: Any) -> Iterator[Page]:
    """A page of a new context, for which the web has no images."""
    context = browser.new_context(base_url=server.address, **settings)
    context.route(lambda url: urlsplit(url).hostname != "127.0.0.1", lambda route: route.abort())
    context.set_default_timeout(20_000)
    try:
        yield context.new_page()
    finally:
        context.close()


@pytest.fixture
def page(browser: Browser, server: Server) -> Iterator[Page]:
    with opened(browser, server) as made:
        yield made


def state(page: Page) -> list[tuple[str, str]]:
    """What the address has."""
    return parse_qsl(urlsplit(page.url).query)


def titles(page: Page) -> list[str]:
    return page.locator(".hit h2").all_inner_texts()


def follow(link: Locator) -> None:
    """Where no script runs: a click, and the whole page that it leads to."""
    with link.page.expect_navigation():
        link.click()


def test_answers_come_as_one_types_and_back_leads_to_before(page: Page) -> None:
    page.goto("/?topic=AI")
    before = titles(page)
    page.locator("#q").press_sequentially("foreca", delay=10)
    page.wait_for_url("**/?*q=foreca*")
    page.locator("h2 mark", has_text="forecasts").wait_for()
    assert sorted(state(page)) == [("q", "foreca"), ("topic", "AI"), ("unfinished", "1")]
    assert page.locator("#total").inner_text().startswith("1 match, by relevance")
    page.locator("#q").press_sequentially("sts", delay=10)
    page.wait_for_url("**/?*q=forecasts*")
    page.locator("#q").press("Enter")
    page.wait_for_url(lambda url: "unfinished" not in url)
    page.go_back()
    page.wait_for_url(lambda url: "unfinished" in url)
    # All that was typed at a stretch is one step.
    page.go_back()
    expect(page.locator("#q")).to_have_value("")
    assert state(page) == [("topic", "AI")]
    assert titles(page) == before


def test_a_late_answer_is_dropped(page: Page) -> None:
    page.goto("/")
    held: list[Route] = []
    page.route("**/?q=turbine*", lambda route: held.append(route))
    page.locator("#q").fill("turbine")
    while not held:
        page.wait_for_timeout(20)
    page.locator("#q").fill("loudspeakers")
    page.locator("mark", has_text="Loudspeakers").first.wait_for()
    held[0].fulfill(body="<title>late</title><div id=results>late</div>", content_type="text/html")
    page.wait_for_timeout(100)
    assert titles(page) == ["A quiet reef learns to sing"]
    assert page.title() == "loudspeakers - heatseek"


def test_what_is_wrong_while_one_types_leaves_the_hits(page: Page) -> None:
    page.goto("/?q=turbine")
    page.locator("#q").fill("turbine date:someday")
    page.locator("#total", has_text="someday").wait_for()
    assert len(titles(page)) == 10
    page.locator("#q").press("Enter")
    page.locator(".problem").wait_for()


def test_facets_narrow_and_chips_take_it_back(page: Page) -> None:
    page.goto("/?q=turbine")
    topics = page.get_by_role("group", name="topic")
    topics.get_by_label("Look for a topic").fill("région 3")
    topics.get_by_label("Region 31").check()
    page.wait_for_url("**/?*topic=*")
    page.locator(".chips").wait_for()
    assert state(page) == [("q", "turbine"), ("topic", "Region 31")]
    assert titles(page) == ["Turbine report 31"]
    assert topics.get_by_role("checkbox").first.get_attribute("value") == "Region 31"
    assert page.evaluate("document.activeElement.value") == "Region 31"
    page.get_by_role("link", name="Remove the filter topic: Region 31").click()
    expect(page.locator(".chips")).to_have_count(0)
    assert state(page) == [("q", "turbine")]
    page.get_by_role("link", name="2017: 7").click()
    page.wait_for_url("**/?*after=2017&before=2018")
    page.get_by_role("link", name="2017-06: 1").wait_for()
    assert len(titles(page)) == 7


def test_years_from_one_to_another_are_drawn(page: Page) -> None:
    page.goto("/?q=turbine")
    first, last = (page.get_by_role("link", name=f"{year}: ") for year in (2018, 2016))
    first.hover()
    page.mouse.down()
    last.hover()
    page.mouse.up()
    page.wait_for_url("**/?*after=2016&before=2019")
    page.locator(".chips").wait_for()
    assert page.locator("#total").inner_text().startswith("21 matches")


def test_keys(page: Page) -> None:
    page.goto("/?q=turbine")
    page.keyboard.press("/")
    assert page.evaluate("document.activeElement.id") == "q"
    assert page.locator("#q").input_value() == "turbine"
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    second = titles(page)[1]
    assert page.evaluate("document.activeElement.textContent") == second
    page.keyboard.press("Control+k")
    assert page.evaluate("document.activeElement.id") == "q"
    page.keyboard.press("ArrowDown")
    page.keyboard.press("?")
    assert page.get_by_role("dialog", name="Keys").is_visible()
    page.keyboard.press("Escape")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.wait_for_url("**/a/*")
    assert page.locator("h1").inner_text() == second
    page.get_by_role("link", name="Next hit").click()
    page.wait_for_url("**hit=3")
    page.get_by_role("link", name="Back to the hits").click()
    page.wait_for_url("**/?q=turbine")


def test_weights_are_moved_and_copied(page: Page) -> None:
    page.goto("/?q=turbine&explain=1")
    page.get_by_role("slider", name="weight of heat").press("End")
    page.wait_for_url("**boost=heat*")
    page.locator("#boost", has_text="heat = 5").wait_for()
    assert dict(state(page))["boost"] == "heat=5"
    assert page.evaluate("document.activeElement.dataset.key") == "weight-heat"
    for number in range(2):
        bar = page.locator(".explanation").nth(number)
        score = float(bar.locator("summary").inner_text().removeprefix("Score "))
        parts = [float(each) for each in bar.locator("td:nth-child(2)").all_inner_texts()]
        assert abs(score - sum(parts)) < 0.003
    assert page.locator(".stack .heat").count() == 10


def test_without_script_everything_is_there(browser: Browser, server: Server) -> None:
    with opened(browser, server, java_script_enabled=False) as page:
        page.goto("/")
        page.get_by_label("Search the articles").fill("turbine")
        follow(page.get_by_role("button", name="Search"))
        page.get_by_label("Mill 1").check()
        page.get_by_label("from").fill("2018")
        page.get_by_text("Weights", exact=True).click()
        page.locator("select[name=boost]").nth(1).select_option("heat=2")
        follow(page.get_by_role("button", name="Apply"))
        filled = [
            ("q", "turbine"),
            ("after", "2018"),
            ("boost", "heat=2"),
            ("provider", "Mill 1"),
        ]
        assert sorted(pair for pair in state(page) if pair[1]) == sorted(filled)
        assert 0 < len(titles(page)) < 10
        follow(page.get_by_role("link", name="Remove the filter after: 2018"))
        follow(page.get_by_role("link", name="Next →"))
        assert dict(state(page))["page"] == "2"
        first = titles(page)[0]
        follow(page.locator(".hit h2 a").first)
        assert page.locator("h1").inner_text() == first
        follow(page.get_by_role("link", name="Back to the hits"))
        assert dict(state(page))["page"] == "2"
        page.goto("/?group=story&q=harbour+floods")
        page.get_by_text("+1 of the same story").click()
        assert page.locator(".story a").is_visible()


def test_images_are_loaded_unless_somebody_says_no(page: Page) -> None:
    wanted: list[str] = []
    page.on("request", lambda request: wanted.append(request.url))
    # Images are asked for when they come into view: perhaps after all else is loaded.
    with page.expect_request(lambda request: "photo.example" in request.url):
        page.goto("/?q=turbine")
    page.get_by_role("link", name="Hide images").click()
    page.get_by_role("link", name="Show images").wait_for()
    del wanted[:]
    page.reload()
    page.locator(".hit h2 a").first.click()
    page.wait_for_url("**/a/*")
    page.locator(".list a").first.click()
    page.wait_for_load_state("load")
    assert [each for each in wanted if "photo.example" in each] == []


def test_statistics_have_the_flaws_of_files(page: Page, home: Path) -> None:
    page.goto("/stats")
    flaw = page.locator("summary", has_text="warning: ").first
    flaw.click()
    assert page.locator("details[open] li").first.inner_text()
    kind = flaw.inner_text().removeprefix("warning: ").partition(" (")[0]
    assert f'"{kind}"' in run("heatseek", "doctor", "--json", cwd=home).out
    page.get_by_text("As a table").click()
    assert page.get_by_role("row", name="2017-06 1").is_visible()


PAGES = (
    "/?q=turbine&topic=Wind&after=2016&before=2017",
    "/?q=strange+climate&explain=1&group=story",
    "/?q=nothingatall",
    "/?after=someday",
    "/a/many03.md?q=turbine&hit=4",
    "/a/strange.md",
    "/a/vast.md",
    "/a/none.md",
    "/stats",
)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing(scheme: str, browser: Browser, server: Server) -> None:
    from axe_playwright_python.sync_playwright import Axe  # noqa: PLC0415 - not without a browser

    with opened(browser, server, color_scheme=scheme) as page:
        # All rules once; in the dark only those about colours can differ.
        options = {} if scheme == "light" else {"runOnly": ["color-contrast"]}
        flaws = []
        for target in PAGES:
            page.goto(target)
            # Headings and images of that article are as its author made them.
            context = {"exclude": [".body"]} if "strange.md" in target else None
            report = Axe().run(page, context, options).response
            assert report["passes"]
            flaws += [
                (target, each["id"], each["nodes"][0]["html"], each["nodes"][0]["failureSummary"])
                for each in report["violations"]
            ]
        assert flaws == []


def test_no_page_is_wider_than_a_narrow_screen(browser: Browser, server: Server) -> None:
    with opened(browser, server, viewport={"width": 320, "height": 640}) as page:
        for target in PAGES:
            page.goto(target)
            width = page.evaluate("document.documentElement.scrollWidth")
            assert width <= 320, target


def test_a_hostile_archive_runs_nothing(browser: Browser, server: Server) -> None:
    with opened(browser, server) as page:
        fired: list[str] = []
        wanted: list[str] = []
        page.expose_function("canary", lambda text: fired.append(text))
        page.expose_function("breach", lambda text: fired.append(text))
        page.add_init_script(
            "document.addEventListener('securitypolicyviolation', (e) => breach(e.blockedURI))"
        )
        page.on("dialog", lambda dialog: fired.append(dialog.message))
        page.on("request", lambda request: wanted.append(request.url))
        for target in ("/?q=strange&explain=1", "/a/strange.md", "/a/vast.md", "/stats", "/"):
            page.goto(target)
            page.evaluate(
                "for (const each of document.querySelectorAll('*'))"
                " for (const name of ['mouseover', 'focus', 'toggle', 'error', 'load'])"
                " each.dispatchEvent(new Event(name))"
            )
            if target.startswith("/a/strange"):
                page.get_by_text("strange link").click()
            page.wait_for_load_state("load")
            assert page.locator("footer").is_visible()
        page.goto("/")
        page.locator("#q").fill("strange")
        page.locator("mark", has_text="strange").first.wait_for()
        # The canary is alive.
        page.evaluate("canary('sings')")
        assert fired == ["sings"]
        hosts = {urlsplit(each).hostname for each in wanted}
        assert hosts <= {"127.0.0.1", "photo.example"}


def test_a_page_of_results_is_small(page: Page) -> None:
    page.goto("/?q=turbine&explain=1")
    page.wait_for_load_state("load")
    sizes: dict[str, int] = page.evaluate(
        "Object.fromEntries([...performance.getEntriesByType('navigation'),"
        " ...performance.getEntriesByType('resource')]"
        ".filter((each) => each.initiatorType !== 'img')"
        ".map((each) => [new URL(each.name).pathname.split('/').pop(), each.transferSize]))"
    )
    assert {"heatseek.css", "heatseek.js"} < set(sizes)
    assert sum(sizes.values()) <= 60_000, sizes
