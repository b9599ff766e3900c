"""Measure after how long a browser on a slow line shows the first page of a site of files.

    python -m benchmarks.first_page SITE PREFIX

SITE is a folder that `folkmote export` wrote, PREFIX the path at which it is to stand, such as
`/essay` or nothing. The host packs nothing, and the browser keeps nothing from one time to the
next. Needs Chromium and Playwright.
"""

from __future__ import annotations

import shutil
import sys
import tempfile
import threading
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

LINES = {"1.6 Mbit/s, 150 ms": (1_600, 150), "750 kbit/s, 100 ms": (750, 100)}
"""Lines by name: thousands of bits a second, and milliseconds that an answer is late."""
TIMES = 3
_PAINTED = "performance.getEntriesByName('first-contentful-paint')[0].startTime"


def first_paint(browser: Browser, address: str, kilobits: int, late: int) -> float:
    """Give the milliseconds until something of a page is seen (Paint Timing, 4)."""
    context = browser.new_context()
    page = context.new_page()
    line = {
        "offline": False,
        "latency": late,
        "downloadThroughput": kilobits * 125,
        "uploadThroughput": kilobits * 125,
    }
    context.new_cdp_session(page).send("Network.emulateNetworkConditions", line)
    page.goto(address, wait_until="load")
    page.wait_for_timeout(300)  # a page is painted soon after it is loaded
    painted = float(page.evaluate(_PAINTED))
    context.close()
    return painted


def main(site: Path, prefix: str) -> None:
    """Write a line for each kind of line."""
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as driver:
        where = Path(folder, "site", *prefix.strip("/").split("/"))
        where.parent.mkdir(parents=True, exist_ok=True)
        where.symlink_to(site.resolve(), target_is_directory=True)
        files = partial(SimpleHTTPRequestHandler, directory=f"{folder}/site")
        host = ThreadingHTTPServer(("127.0.0.1", 0), files)
        threading.Thread(target=host.serve_forever, daemon=True).start()
        browser = driver.chromium.launch(
            executable_path=shutil.which("chromium"), args=["--no-sandbox"]
        )
        address = f"http://127.0.0.1:{host.server_port}/{prefix.strip('/')}".rstrip("/") + "/"
        for name, (kilobits, late) in LINES.items():
            taken = [first_paint(browser, address, kilobits, late) for _ in range(TIMES)]
            sys.stdout.write(f"{name}: {', '.join(f'{one:.0f}' for one in taken)} ms\n")
        browser.close()
        host.shutdown()


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2] if len(sys.argv) > 2 else "")
