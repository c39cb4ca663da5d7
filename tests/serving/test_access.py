"""The door: keys and their roles, the name of the server without keys, rates."""

import json

import pytest

from kartograph.serving.api.access import Access
from kartograph.serving.config import ServeConfig
from kartograph.serving.keys import add_key, key_of, read_keys, remove_key
from kartograph.serving.server import is_loopback
from kartograph.tables.errors import BadInput

LISTS, EVENTS, ITEMS = ("GET", "/v1/trending"), ("POST", "/v1/events"), ("PATCH", "/v1/items")
ERASE, SESSION = ("DELETE", "/v1/users/1"), ("POST", "/v1/sessions/recommendations")


def status(access: Access, call: tuple[str, str], **headers: str) -> int:
    """The status of the refusal, 200 where the request goes on."""
    raw = [
        (name.replace("_", "-").encode(), value.encode()) for name, value in {"host": "localhost:1", **headers}.items()
    ]
    scope = {"method": call[0], "path": call[1], "headers": raw, "client": ("10.0.0.1", 5)}
    refused = access.refused(scope)
    return 200 if refused is None else refused.status_code


@pytest.fixture
def path(tmp_path):
    return tmp_path / "serving" / "keys.json"


def test_a_key_opens_what_its_roles_are_for(path) -> None:
    secrets = {role: add_key(path, role, [role]) for role in ("read", "events", "admin")}
    access = Access(ServeConfig(), read_keys(path), requires_key=True)
    calls = (LISTS, SESSION, EVENTS, ITEMS, ERASE)

    def opened(secret: str) -> list[tuple[str, str]]:
        return [call for call in calls if status(access, call, authorization=f"Bearer {secret}") == 200]

    open_to = {role: opened(secret) for role, secret in secrets.items()}
    assert open_to == {"read": [LISTS, SESSION], "events": [EVENTS], "admin": [LISTS, SESSION, EVENTS, ITEMS, ERASE]}
    assert status(access, LISTS) == 401
    assert status(access, LISTS, authorization="Bearer nonsense") == 401
    assert status(access, LISTS, x_api_key=secrets["read"]) == 200
    assert status(access, ("GET", "/healthz")) == 200


def test_no_secret_is_kept_and_a_removed_key_is_unknown(path) -> None:
    secret = add_key(path, "website", ["read"])
    assert secret not in path.read_text()
    assert path.stat().st_mode & 0o077 == 0
    assert key_of(read_keys(path), secret) == read_keys(path)[0]
    with pytest.raises(BadInput, match='a key "website" already'):
        add_key(path, "website", ["read"])
    remove_key(path, "website")
    assert key_of(read_keys(path), secret) is None
    with pytest.raises(BadInput, match='no key "website"'):
        remove_key(path, "website")


@pytest.mark.parametrize("text", ["{", json.dumps([{"name": "x"}]), "[1]"])
def test_damaged_keys_let_nobody_in(path, text) -> None:
    path.parent.mkdir()
    path.write_text(text)
    with pytest.raises(BadInput, match="no keys that can be read"):
        read_keys(path)


def test_without_keys_only_localhost_is_called() -> None:
    access = Access(ServeConfig.model_validate({"security": {"hosts": ["shop.lan"]}}), [], requires_key=False)
    calls = {
        host: status(access, LISTS, host=host)
        for host in ("localhost:80", "127.0.0.1", "[::1]:8080", "shop.lan", "evil.example", "")
    }
    assert [host for host, code in calls.items() if code == 403] == ["evil.example", ""]


def test_more_than_the_rate_is_refused_for_a_while() -> None:
    access = Access(ServeConfig.model_validate({"limits": {"requests_per_second": 3}}), [], requires_key=False)
    assert [status(access, LISTS) for _ in range(4)] == [200, 200, 200, 429]
    assert status(access, ("GET", "/healthz")) == 200


@pytest.mark.parametrize(
    ("host", "expected"), [("127.0.0.1", True), ("::1", True), ("localhost", True), ("0.0.0.0", False), ("shop", False)]
)
def test_what_is_loopback(host, expected) -> None:
    assert is_loopback(host) is expected
