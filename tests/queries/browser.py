"""How a test drives Neo4j Browser in a real Chromium without a screen."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from selenium import webdriver
from selenium.webdriver.chrome.service import Service
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.remote.webdriver import WebDriver
from selenium.webdriver.support.ui import Select, WebDriverWait

PATIENCE = 120
"""Seconds after which what was waited for counts as missing: a busy machine draws slowly."""
FLAGS = (
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--window-size=1280,900",
)
_PASTE = """
const [element, text] = arguments;
const data = new DataTransfer();
data.setData('text/plain', text);
element.dispatchEvent(new ClipboardEvent('paste', {clipboardData: data, bubbles: true, cancelable: true}));
"""


@contextmanager
def chromium(profile: Path) -> Iterator[WebDriver]:
    """Yield a Chromium with an empty profile; skips the test where there is none."""
    browser = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    driver = shutil.which("chromedriver")
    if not browser or not driver:
        pytest.skip("there is no Chromium with ChromeDriver here; on Debian: apt-get install chromium chromium-driver")
    options = webdriver.ChromeOptions()
    options.binary_location = browser
    for flag in (*FLAGS, f"--user-data-dir={profile}"):
        options.add_argument(flag)
    window = webdriver.Chrome(options=options, service=Service(driver))
    try:
        yield window
    finally:
        window.quit()


class Browser:
    """Neo4j Browser, as a person uses it."""

    def __init__(self, window: WebDriver, address: str, user: str, password: str):
        """Open the page and log in through its form."""
        self.window = window
        self.wait = WebDriverWait(window, PATIENCE)
        window.get(address)
        # The form is in the page before it is drawn.
        form = "select[data-testid=bolt-scheme-select]", "input[data-testid=password]"
        self.wait.until(lambda _: all(any(part.is_displayed() for part in self._all(name)) for name in form))
        Select(self._one("select[data-testid=bolt-scheme-select]")).select_by_value("bolt://")
        self._one("input[data-testid=username]").send_keys(user)
        self._one("input[data-testid=password]").send_keys(password)
        self._one("button[data-testid=connect]").click()
        # The welcome frame comes when the connection stands; commands before it are refused.
        self.wait.until(lambda _: ":play start" in self.window.page_source)

    def run(self, text: str) -> str:
        """Paste a text into the editor, run it, and return what its frame shows when it is done."""
        self._start(text)
        return self.wait.until(lambda _: self._finished())

    def command(self, text: str) -> None:
        """Paste a command of Browser's own into the editor and run it."""
        self._start(text)

    def draw(self, text: str) -> None:
        """Paste a text into the editor, run it, and wait until its frame has a graph with nodes."""
        self._start(text)
        self.wait.until(lambda _: self._all("article[data-testid=frame]")[0].find_elements(By.CSS_SELECTOR, "g.node"))

    def _start(self, text: str) -> None:
        before = {frame.id for frame in self._all("article[data-testid=frame]")}  # the oldest go after some
        editor = self._one("[data-testid=activeEditor] textarea")
        editor.send_keys(Keys.CONTROL, "a")
        editor.send_keys(Keys.DELETE)
        self.window.execute_script(_PASTE, editor, text)
        self._one("button[data-testid=editor-Run]").click()
        self.wait.until(lambda _: self._all("article[data-testid=frame]")[0].id not in before)

    def table(self) -> list[list[str]]:
        """Return the rows of the newest frame's table, its column names first."""
        self.wait.until(lambda _: self._all("article[data-testid=frame] [role=row], article[data-testid=frame] tr"))
        frame = self._all("article[data-testid=frame]")[0]
        rows = frame.find_elements(By.CSS_SELECTOR, "[role=row], tr")
        return [
            [cell.text for cell in row.find_elements(By.CSS_SELECTOR, "[role=columnheader], [role=cell], th, td")]
            for row in rows
        ]

    def _finished(self) -> str:
        """Return the text of the newest frame's status line, empty as long as there is none."""
        frame = self._all("article[data-testid=frame]")[0]
        bars = frame.find_elements(By.CSS_SELECTOR, "[data-testid=frameStatusbar]")
        return bars[0].text if bars else ""

    def _one(self, selector: str):
        return self.window.find_element(By.CSS_SELECTOR, selector)

    def _all(self, selector: str):
        return self.window.find_elements(By.CSS_SELECTOR, selector)
