"""How the server's jars get onto this machine: downloaded in parallel, compared with the lock, put in place whole.

An installed server is `<home>/servers/<digest of the lock>/{lib,plugins}` and is shared by all shops of the home.
It is built in `<digest>.partial` beside it and renamed when every sum is right, so that an interrupted download leaves
nothing that looks installed; the next one goes on with the jars that are already right.
"""

import hashlib
import os
import shutil
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import filelock

from kartograph.graph.managed.installing.artifacts import LIB, PLUGINS, Artifact, Lock, committed_lock
from kartograph.tables.errors import ServerError
from kartograph.tables.progress import Progress, silent

THREADS = 8
ATTEMPTS = 3
NO_CONNECTION = (
    "check the connection (or the proxy in HTTPS_PROXY) and run the command again, it goes on with what has come down"
)
OTHER_CERTIFICATE = (
    "where a proxy puts a certificate of its own in place of the registry's, name the file of its certificates in "
    "REQUESTS_CA_BUNDLE and run the command again"
)
MIRROR = "KARTOGRAPH_MAVEN"
"""Environment variable: address of a Maven repository to use in place of the central one."""


def installed(root: Path, lock: Lock | None = None) -> Path | None:
    """Return the folder of the installed server below `root`, or None where it is missing or incomplete."""
    lock = lock or committed_lock()
    folder = root / "servers" / lock.digest
    return folder if all(_has_size(folder / artifact.file, artifact.size) for artifact in lock.artifacts) else None


def install(root: Path, lock: Lock | None = None, progress: Progress = silent) -> Path:
    """Return the folder of the installed server below `root`, downloading what is not there yet.

    Jars in the standard Maven cache are copied instead of downloaded where their sums are right. Two processes that
    install at once wait for each other. Raises `ServerError` where a download fails, a sum is wrong, or the folder
    cannot be written.
    """
    lock = lock or committed_lock()
    if folder := installed(root, lock):
        return folder
    servers = root / "servers"
    try:
        servers.mkdir(parents=True, exist_ok=True)
        with _install_lock(servers / f"{lock.digest}.lock", progress):
            return installed(root, lock) or _install(servers, lock, progress)
    except OSError as error:
        raise ServerError(
            f"the server cannot be installed in {servers}: {error.strerror or error}; make the folder writable, "
            "or set KARTOGRAPH_HOME to another one"
        ) from error


def _install(servers: Path, lock: Lock, progress: Progress) -> Path:
    target = servers / lock.digest
    # A folder that lost a jar is mended in place, for servers may be running from it; each jar is replaced whole.
    folder = target if target.exists() else servers / f"{lock.digest}.partial"
    downloads = folder / "downloads"
    for name in (LIB, PLUGINS, "downloads"):
        (folder / name).mkdir(parents=True, exist_ok=True)
    missing = [artifact for artifact in lock.artifacts if not _is_right(folder / artifact.file, artifact)]
    _refuse_full_disk(servers, needed=sum(artifact.size for artifact in missing))
    meter = _Meter(progress, sum(artifact.size for artifact in missing))
    with ThreadPoolExecutor(THREADS) as threads:
        futures = [threads.submit(_fetch, artifact, folder, downloads, meter) for artifact in missing]
        try:
            for future in futures:
                future.result()
        except BaseException:
            threads.shutdown(cancel_futures=True)
            raise
    shutil.rmtree(downloads)
    if folder != target:
        os.replace(folder, target)
    return target


def _fetch(artifact: Artifact, folder: Path, downloads: Path, meter: "_Meter") -> None:
    """Put one jar into `folder`, from the standard Maven cache or from the net."""
    from jgo.maven import MavenContext  # a connection to a running server downloads nothing

    target = folder / artifact.file
    cached = MavenContext().repo_cache / _maven_path(artifact)
    if _is_right(cached, artifact):
        beside = target.with_suffix(".part")
        shutil.copyfile(cached, beside)
        os.replace(beside, target)
        meter.add(artifact.size)
        return
    downloaded = _download(artifact, downloads, meter)
    if not _is_right(downloaded, artifact):
        # Once more from nothing: what an interrupted run left behind is the common cause.
        downloaded.unlink()
        downloaded = _download(artifact, downloads, meter)
        if not _is_right(downloaded, artifact):
            received, size = _sha256(downloaded), downloaded.stat().st_size
            downloaded.unlink()
            raise ServerError(
                f"{artifact.coordinates} was downloaded with {size} bytes and the SHA-256 sum {received}, but must "
                f"have {artifact.size} bytes and {artifact.sha256}; nothing was installed. Whatever stands between "
                "this machine and the package registry may have changed it: try again from another network"
            )
    os.replace(downloaded, target)


def _download(artifact: Artifact, downloads: Path, meter: "_Meter") -> Path:
    import requests
    from jgo.maven import MavenContext, PythonResolver

    mirror = os.environ.get(MIRROR)
    context = MavenContext(
        resolver=PythonResolver(progress_callback=meter.of_file),
        repo_cache=downloads,
        remote_repos={"mirror": mirror.rstrip("/")} if mirror else None,
        timeout=30,
    )
    component = context.project(artifact.group, artifact.name).at_version(artifact.version)
    for attempt in range(ATTEMPTS):
        try:
            return component.artifact(classifier=artifact.classifier, packaging="jar").resolve()
        except requests.RequestException as error:
            (downloads / _maven_path(artifact)).unlink(missing_ok=True)
            # Another fault of TLS may pass, a certificate that nobody here knows stays what it is.
            refused = isinstance(error, requests.exceptions.SSLError) and "certificate" in str(error).lower()
            if refused or attempt == ATTEMPTS - 1:
                advice = OTHER_CERTIFICATE if refused else NO_CONNECTION
                raise ServerError(f"{artifact.coordinates} cannot be downloaded: {error}; {advice}") from error
            time.sleep(2**attempt)
        except RuntimeError as error:
            raise ServerError(
                f"{artifact.coordinates} is refused by the package registry: {error}; check that it may be reached "
                f"from here, or name another Maven repository in {MIRROR}, then run the command again"
            ) from error
    raise AssertionError("unreachable")


class _Meter:
    """Adds up the bytes of all threads and reports them in MB."""

    def __init__(self, progress: Progress, total: int):
        self._progress, self._total, self._done = progress, total, 0
        self._lock = threading.Lock()

    def add(self, count: int) -> None:
        with self._lock:
            self._done += count
            self._progress("Downloading the server (MB)", min(self._done, self._total) / 1e6, self._total / 1e6)

    @contextmanager
    def of_file(self, name: str, size: int) -> Iterator[Callable[[int], None]]:
        yield self.add


@contextmanager
def _install_lock(path: Path, progress: Progress) -> Iterator[None]:
    lock = filelock.FileLock(path)
    try:
        lock.acquire(timeout=0)
    except filelock.Timeout:
        progress("Waiting for another installation of the server")
        lock.acquire()
    with lock:
        lock.release()  # `with` took it a second time
        yield


def _refuse_full_disk(folder: Path, needed: int) -> None:
    free = shutil.disk_usage(folder).free
    if free < 1.2 * needed:
        raise ServerError(
            f"the server needs {1.2 * needed / 1e6:.0f} MB in {folder}, where {free / 1e6:.0f} MB are free; make room, "
            "or set KARTOGRAPH_HOME to a folder on another disk"
        )


def _maven_path(artifact: Artifact) -> Path:
    return Path(*artifact.group.split("."), artifact.name, artifact.version, artifact.file.split("/")[1])


def _has_size(path: Path, size: int) -> bool:
    try:
        return path.stat().st_size == size
    except OSError:
        return False


def _is_right(path: Path, artifact: Artifact) -> bool:
    return _has_size(path, artifact.size) and _sha256(path) == artifact.sha256


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
