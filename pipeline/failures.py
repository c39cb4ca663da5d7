"""Who learns of a run that failed: a command that gets the message on its standard input, or a webhook."""

import os
import shlex
import subprocess

from kartograph.tables.errors import BadInput

SECONDS = 60
"""How long a command or a webhook may take."""


def tell(on_failure: str, shop: str, run: str, message: str) -> str | None:
    """Send the message; returns why that did not work, None where it did.

    A text that begins with http:// or https:// is a webhook, which gets a POST with the JSON object `shop, run, text`.
    Anything else is a command without a shell, with KARTOGRAPH_SHOP and KARTOGRAPH_RUN in its environment.
    """
    try:
        if on_failure.startswith(("http://", "https://")):
            return _post(on_failure, {"shop": shop, "run": run, "text": message})
        environment = os.environ | {"KARTOGRAPH_SHOP": shop, "KARTOGRAPH_RUN": run}
        done = subprocess.run(
            command_of(on_failure),
            input=message + "\n",
            env=environment,
            timeout=SECONDS,
            capture_output=True,
            text=True,
        )
    except (OSError, subprocess.TimeoutExpired, BadInput) as error:
        return f"on_failure {on_failure!r} did not work: {error}"
    if done.returncode:
        return f"on_failure {on_failure!r} ended with {done.returncode}: {done.stderr.strip()[:500]}"
    return None


def command_of(text: str) -> list[str]:
    """The words of a command; raises `BadInput` for one that is none."""
    try:
        words = shlex.split(text)
    except ValueError as error:
        raise BadInput(f"{text!r} is no command: {error}") from None
    if not words:
        raise BadInput("on_failure is empty: write a command or a URL, or leave it out")
    return words


def _post(url: str, content: dict[str, str]) -> str | None:
    import requests

    try:
        requests.post(url, json=content, timeout=SECONDS).raise_for_status()
    except requests.RequestException as error:
        return f"on_failure {url} did not work: {error}"
    return None
