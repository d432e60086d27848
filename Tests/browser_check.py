"""Opens pages in headless Chromium: no console message, no request, nothing that axe-core finds, nothing wider than the
window (640 px is 1280 px at a zoom of 200 %), the answer on the first screen; writes screenshots at 1280 and 390 px and a PDF of
each page.

usage: python3 browser_check.py FOLDER PAGE...        (needs chromium, chromedriver, selenium, axe-playwright-python)
"""
import base64
import importlib.util
import pathlib
import shutil
import sys

from selenium import webdriver
from selenium.webdriver.chrome.options import Options
from selenium.webdriver.chrome.service import Service

AXE = next(pathlib.Path(importlib.util.find_spec("axe_playwright_python").origin).parent.rglob("axe.min.js")).read_text()
LEVEL_OF_TEXT = "return document.body.innerText.length"
OVERFLOW = """
const limit = document.documentElement.clientWidth + 1;
return document.documentElement.scrollWidth > limit ? document.documentElement.scrollWidth : 0;
"""
# The answer of a page with cards fits the first 1100 px; 0 on other pages.
ANSWER = """
const cards = document.querySelector('#answer .cards');
return cards ? Math.round(document.querySelector('#answer').getBoundingClientRect().bottom) : 0;
"""
REQUESTS = "return performance.getEntriesByType('resource').map(e => e.name).filter(n => !n.startsWith('data:'))"


def driver():
    options = Options()
    options.binary_location = shutil.which("chromium")
    options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
    for argument in ("--headless=new", "--no-sandbox", "--disable-gpu", "--hide-scrollbars"):
        options.add_argument(argument)
    return webdriver.Chrome(service=Service(shutil.which("chromedriver")), options=options)


def check(browser, page, folder):
    faults = []
    for width in (1280, 640, 390):
        browser.execute_cdp_cmd(
            "Emulation.setDeviceMetricsOverride",
            {"width": width, "height": 1100, "deviceScaleFactor": 1, "mobile": False})
        browser.get(page.resolve().as_uri())
        if browser.execute_script(LEVEL_OF_TEXT) < 200:
            faults.append("the page is empty")
        wide = browser.execute_script(OVERFLOW)
        if wide:
            faults.append(f"scrolls sideways at {width} px: {wide} px wide")
        if width == 1280 and browser.execute_script(ANSWER) > 1100:
            faults.append(f"the answer ends at {browser.execute_script(ANSWER)} px, below the first screen of 1100 px")
        if width == 640:
            continue
        shot = browser.execute_cdp_cmd("Page.captureScreenshot", {"captureBeyondViewport": True, "format": "png"})
        (folder / f"{page.stem}-{width}.png").write_bytes(base64.b64decode(shot["data"]))
        faults += [f"request: {name}" for name in browser.execute_script(REQUESTS)]
        faults += [f"console: {entry['message']}" for entry in browser.get_log("browser")]
        # The policy of the page forbids scripts; axe comes in through the debugger, which it does not bind.
        browser.execute_script(AXE)
        result = browser.execute_async_script("const done = arguments[0]; axe.run().then(done)")
        for violation in result["violations"]:
            for node in violation["nodes"][:3]:
                faults.append(f"axe {violation['impact']} {violation['id']} at {width} px: {node['html'][:160]}")
    pdf = browser.execute_cdp_cmd("Page.printToPDF", {"preferCSSPageSize": True, "printBackground": False})
    (folder / f"{page.stem}.pdf").write_bytes(base64.b64decode(pdf["data"]))
    return faults


def main():
    folder = pathlib.Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    browser = driver()
    failed = False
    for name in sys.argv[2:]:
        page = pathlib.Path(name)
        faults = check(browser, page, folder)
        failed = failed or bool(faults)
        print(f"{page.name}: {'passed' if not faults else 'FAILED'}")
        for fault in faults:
            print(f"  {fault}")
    browser.quit()
    sys.exit(1 if failed else 0)


main()
