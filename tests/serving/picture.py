"""The picture of the shop window in docs/: of a shop that is served, as a person sees it.

kartograph --shop demo serve
python -m tests.serving.picture http://127.0.0.1:8080 docs/window.png
"""

import sys
import tempfile
import time
from pathlib import Path

from tests.queries.browser import chromium
from tests.serving.window import WIDTHS, Window


def take(address: str, file: Path) -> None:
    """Take the picture of the lists of the user with most events."""
    with tempfile.TemporaryDirectory() as profile, chromium(Path(profile)) as browser:
        window = Window(browser, address, WIDTHS[0]).open()
        window.until(lambda: window.texts(".health.good"))
        time.sleep(1)  # until nothing fades any more
        browser.save_screenshot(str(file))


if __name__ == "__main__":
    take(sys.argv[1], Path(sys.argv[2]))
