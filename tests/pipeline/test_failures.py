"""Who is told of a failed run, and what happens where telling fails."""

import json
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from kartograph.pipeline.failures import tell


def test_a_command_gets_the_message_on_its_standard_input(tmp_path):
    file = tmp_path / "a b.txt"
    assert tell(f"tee '{file}'", "books", "night-1", "it failed") is None
    assert file.read_text("utf-8") == "it failed\n"


def test_a_command_knows_shop_and_run_by_its_environment(tmp_path):
    file = tmp_path / "told.sh"
    file.write_text(f'echo "$KARTOGRAPH_SHOP $KARTOGRAPH_RUN" > {tmp_path / "told"}', "utf-8")
    assert tell(f"sh {file}", "books", "night-1", "it failed") is None
    assert (tmp_path / "told").read_text("utf-8") == "books night-1\n"


def test_a_webhook_gets_the_message_as_json():
    received = []

    class Hook(BaseHTTPRequestHandler):
        def do_POST(self):
            received.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
            self.send_response(204)
            self.end_headers()

        def log_message(self, format, *args):
            pass

    server = HTTPServer(("127.0.0.1", 0), Hook)
    thread = threading.Thread(target=server.handle_request)
    thread.start()
    try:
        assert tell(f"http://127.0.0.1:{server.server_port}/hook", "books", "night-1", "it failed") is None
    finally:
        thread.join()
        server.server_close()
    assert received == [{"shop": "books", "run": "night-1", "text": "it failed"}]


@pytest.mark.parametrize(
    ("on_failure", "words"),
    [
        ("false", "ended with 1"),
        ("no-such-command-here", "did not work"),
        ("'", "is no command"),
        ("", "on_failure is empty"),
        ("http://127.0.0.1:1/", "did not work"),
    ],
)
def test_what_does_not_work_is_said_and_raises_nothing(on_failure, words):
    complaint = tell(on_failure, "books", "night-1", "it failed")
    assert complaint is not None
    assert words in complaint
