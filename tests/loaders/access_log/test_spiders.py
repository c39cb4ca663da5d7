"""Spiders are known by their names, whole or cut off."""

import pytest

from kartograph.loaders.access_log.spiders import is_spider

PHONE = "Mozilla/5.0 (Linux; Android 6.0.1; Nexus 5X) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/99 Mobile Safari"


@pytest.mark.parametrize(
    "browser",
    [
        "", "-", "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)",
        "Mozilla/5.0 (compatible; Googleb", "Mozilla/5.0 (compatible; bing", "Mozilla/5.0 (compatible; Yahoo! Slu",
        f"{PHONE}/537.36 (compatible; Google", "facebookexternalh", "python-requ",
    ],
)  # fmt: skip
def test_a_spider_is_known_by_what_is_left_of_its_name(browser):
    assert is_spider(browser)


@pytest.mark.parametrize(
    "browser",
    [
        "Mozilla/5.0 (X11; Linux x86_64; rv:109.0) Gecko/20100101 Firefox/115.0",
        f"{PHONE}/537.36",
        "Mozilla/5.0 (compatible; MSIE 9.0; Windows NT 6.1; Trident/5.0)",
        "Mozilla/5.0 (compatible; Konqueror/3.5; Linux) KHTML/3.5.5 (like Gecko)",
        "Opera/9.80 (Windows NT 6.1; U; en) Presto/2.8.131 Version/11.11",
    ],
)
def test_what_is_left_of_a_browser_of_people_is_no_spider(browser):
    assert not [browser[:length] for length in range(12, len(browser) + 1) if is_spider(browser[:length])]
