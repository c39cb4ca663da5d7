"""How a test uses the shop window, as a person does it, in a real Chromium without a screen."""

import os
from pathlib import Path

from selenium.webdriver.common.action_chains import ActionChains
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.remote.webdriver import WebDriver
from selenium.webdriver.remote.webelement import WebElement
from selenium.webdriver.support.ui import WebDriverWait

PATIENCE = 60
"""Seconds after which what was waited for counts as missing: a busy machine is slow."""
WIDTHS = (1280, 390)


class Window:
    """The page of a served shop."""

    def __init__(self, chromium: WebDriver, address: str, width: int = 1280, dark: bool = False):
        """Take a browser, as wide as a desk or a phone, in light or in dark."""
        self.chromium, self.address, self.width = chromium, address.rstrip("/"), width
        metrics = {"width": width, "height": 900 if width > 500 else 844, "deviceScaleFactor": 1, "mobile": width < 500}
        chromium.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", metrics)
        scheme = {"name": "prefers-color-scheme", "value": "dark" if dark else "light"}
        chromium.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": [scheme]})

    def open(self, question: str = "") -> "Window":
        """Open the page with a question in its address, as a fresh tab does, and wait for its lists."""
        self.chromium.get("about:blank")
        self.chromium.get(f"{self.address}/#{question}")
        self.settled()
        return self

    def settled(self) -> None:
        """Wait until the lists are those of the present question."""
        self.until(lambda: self.all("#columns[aria-busy=false] .column"))

    def until(self, holds):
        """Wait until something holds; returns it."""
        return WebDriverWait(self.chromium, PATIENCE, 0.1, ignored_exceptions=(Exception,)).until(lambda _: holds())

    def one(self, selector: str) -> WebElement:
        return self.chromium.find_element(By.CSS_SELECTOR, selector)

    def all(self, selector: str) -> list[WebElement]:
        return self.chromium.find_elements(By.CSS_SELECTOR, selector)

    def texts(self, selector: str) -> list[str]:
        return self.chromium.execute_script(
            "return [...document.querySelectorAll(arguments[0])].map(one => one.textContent)", selector
        )

    def listed(self, number: int = 0) -> list[str]:
        """The ids of a list, in order."""
        return self.chromium.execute_script(
            "return [...document.querySelectorAll('.column')[arguments[0]].querySelectorAll('.card')]"
            ".map(card => card.dataset.item)",
            number,
        )

    def press(self, *keys: str) -> None:
        """Press keys where the focus is."""
        ActionChains(self.chromium).send_keys(*keys).perform()

    def choose(self, label: str, text: str, value: str) -> None:
        """Type into the field of a label and take a value from what it offers, by keys alone."""
        field = self.chromium.execute_script(
            "return [...document.querySelectorAll('[role=combobox]')].find(one => "
            "(one.labels?.[0]?.textContent ?? one.getAttribute('aria-label')) === arguments[0])",
            label,
        )
        field.send_keys(Keys.CONTROL, "a")
        field.send_keys(text)

        def pointed() -> bool:
            offered, active = self.chromium.execute_script(
                "return [[...document.getElementById(arguments[0].getAttribute('aria-controls')).children]"
                ".map(one => one.dataset.value),"
                " document.getElementById(arguments[0].getAttribute('aria-activedescendant'))?.dataset.value]",
                field,
            )
            if value in offered and active != value:
                field.send_keys(Keys.ARROW_DOWN)
            return active == value

        self.until(pointed)
        field.send_keys(Keys.ENTER)

    def click(self, selector: str) -> None:
        """Bring something into view and click on it; once more where it was just being drawn anew."""

        def clicked() -> bool:
            element = self.one(selector)
            self.chromium.execute_script("arguments[0].scrollIntoView({block: 'center', inline: 'nearest'})", element)
            element.click()
            return True

        self.until(clicked)

    def picture(self, name: str) -> None:
        """Leave a picture where KARTOGRAPH_SCREENSHOTS names a folder."""
        if folder := os.environ.get("KARTOGRAPH_SCREENSHOTS"):
            Path(folder).mkdir(parents=True, exist_ok=True)
            self.chromium.save_screenshot(str(Path(folder) / f"window-{name}-{self.width}.png"))
