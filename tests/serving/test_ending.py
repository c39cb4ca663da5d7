"""How serving ends at a moment that is none of the usual ones."""

import subprocess
import sys
import time

import pytest
from tests.serving.conftest import environment_of

from kartograph.graph.managed.lifecycle import free_ports

HANGS = """
import time
from kartograph.cli import main
from kartograph.serving import server

def begin(*_):
    print("a worker begins", flush=True)
    time.sleep(600)

server.worker = begin
server.KILL_SECONDS = 3600
main()
"""
"""`kartograph`, whose workers never come to serve, and are not killed for it."""


@pytest.mark.slow
@pytest.mark.server
def test_serving_that_is_asked_to_end_before_its_workers_serve_ends(server, small_shop, tmp_path):
    log = tmp_path / "serve.log"
    environment = environment_of(small_shop, server.uri, server.auth)
    command = [sys.executable, "-c", HANGS, "serve", "--port", str(free_ports(usual=False).http)]
    with log.open("w") as output:
        process = subprocess.Popen(command, env=environment, stdout=output, stderr=subprocess.STDOUT)
    try:
        limit = time.monotonic() + 300
        while "a worker begins" not in log.read_text():
            assert process.poll() is None, log.read_text()
            assert time.monotonic() < limit, log.read_text()
            time.sleep(0.1)
        process.terminate()
        assert process.wait(120) == 0
    finally:
        process.kill()
