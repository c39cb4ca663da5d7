"""Where a command serves a shop: addresses, ports, and whether anybody would see a browser."""

import pytest

from kartograph.cli.shared.serving import address_of, has_screen


def test_addresses_are_those_of_a_browser() -> None:
    assert address_of("127.0.0.1", 8080) == "http://127.0.0.1:8080"
    assert address_of("::1", 8080) == "http://[::1]:8080"


@pytest.mark.parametrize(
    ("terminal", "platform", "environment", "seen"),
    [
        (True, "linux", {"DISPLAY": ":0"}, True),
        (True, "linux", {"WAYLAND_DISPLAY": "wayland-0"}, True),
        (True, "linux", {}, False),
        (False, "linux", {"DISPLAY": ":0"}, False),
        (True, "darwin", {}, True),
        (True, "darwin", {"SSH_CONNECTION": "here there"}, False),
    ],
)
def test_a_browser_is_opened_only_where_somebody_sees_it(monkeypatch, terminal, platform, environment, seen) -> None:
    for name in ("DISPLAY", "WAYLAND_DISPLAY", "SSH_CONNECTION"):
        monkeypatch.delenv(name, raising=False)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr("sys.stdout.isatty", lambda: terminal, raising=False)
    monkeypatch.setattr("sys.platform", platform)
    assert has_screen() is seen
