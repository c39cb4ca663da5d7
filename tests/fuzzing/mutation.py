"""Damaged inputs, and what has to hold for each: an answer or a clear error, soon and in bounded memory."""

import copy
import io
import resource
import time
import zipfile
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kartograph.tables.errors import KartographError

INPUTS: Counter[str] = Counter()
"""How many inputs were tried, by kind."""
SECONDS = 5
"""Processor time that one input may take."""
GROWTH = 2**30
"""Bytes by which the largest resident memory of the process may grow with one input."""
_MORE = (
    b"", b"\x00", b"\xff", b"\r", b"\n", b'"', b"'", b",", b";", b"\t", b"{", b"}", b"[", b"]", b"\\", b"0", b"-1",
    b"1e999", b"nan", b"null", b"true", b"\xef\xbb\xbf", b"\xed\xa0\x80", b"9" * 400, b"[" * 2_000, b"<", b"&", b"%",
    "\u202e".encode(), b"2024-02-30", b"..", b"/", b"@", b"#",
)  # fmt: skip
"""What is put into inputs."""


@st.composite
def damaged(draw: Any, seeds: Sequence[bytes]) -> bytes:
    """One of the seeds with one to four changes: bytes changed, cut out, doubled, put in, or the end cut off."""
    data = draw(st.sampled_from(seeds))
    for _ in range(draw(st.integers(1, 4))):
        at = draw(st.integers(0, len(data)))
        end = at + draw(st.integers(0, 40))
        how = draw(st.sampled_from(("put", "change", "cut", "double", "end")))
        if how == "put":
            data = data[:at] + draw(st.sampled_from(_MORE)) + data[at:]
        elif how == "change":
            data = data[:at] + draw(st.binary(max_size=4)) + data[end:]
        elif how == "cut":
            data = data[:at] + data[end:]
        elif how == "double":
            data = data[:end] + data[at:end] * draw(st.integers(1, 50)) + data[end:]
        else:
            data = data[:at]
    return data


ODD: st.SearchStrategy[Any] = st.one_of(
    st.none(), st.booleans(), st.integers(-(2**70), 2**70), st.floats(), st.text(max_size=20), st.builds(list),
    st.builds(dict), st.builds(lambda: ["x"] * 3), st.builds(lambda: {"a": {"b": []}}),
)  # fmt: skip
"""Values that may stand anywhere in JSON or TOML."""


@st.composite
def odd_values(draw: Any, seed: Any) -> Any:
    """A structure of dictionaries and lists in which one to three values are replaced, taken out or put in."""
    changed = copy.deepcopy(seed)
    for _ in range(draw(st.integers(1, 3))):
        here = changed
        while True:
            keys = list(here) if isinstance(here, dict) else list(range(len(here)))
            if not keys:
                break
            key = draw(st.sampled_from(keys))
            if isinstance(here[key], dict | list) and here[key] and draw(st.booleans()):
                here = here[key]
                continue
            if draw(st.integers(0, 4)):
                here[key] = draw(ODD)
            else:
                del here[key]
            break
    return changed


def zipped(parts: Mapping[str, bytes]) -> bytes:
    """A zip archive with these members, of the same bytes at any time: all are dated 1980."""
    with zipfile.ZipFile(target := io.BytesIO(), "w") as archive:
        for name, content in parts.items():
            archive.writestr(zipfile.ZipInfo(name), content, zipfile.ZIP_DEFLATED)
    return target.getvalue()


def fuzz(examples: int, **inputs: st.SearchStrategy[Any]) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """Run a test with many inputs, the same ones in every run."""
    fixed = settings(
        max_examples=examples,
        derandomize=True,
        database=None,
        deadline=None,
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.function_scoped_fixture],
    )
    return lambda test: fixed(given(**inputs)(test))


@contextmanager
def tried(kind: str):
    """Count an input; a clear error is an answer, and time and memory are bounded."""
    INPUTS[kind] += 1
    began, before = time.process_time(), resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    try:
        yield
    except KartographError as error:
        assert str(error).strip()
    assert time.process_time() - began < SECONDS
    assert (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) * 1024 < GROWTH
