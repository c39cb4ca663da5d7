"""Tests of what a running server shows to others: Neo4j Browser and bolt on loopback, and no way to inner addresses."""

import http.server
import threading

import neo4j.exceptions
import pytest
import requests

pytestmark = pytest.mark.server


@pytest.fixture
def inner():
    """A web server that only this machine reaches; yields its port and the paths that were asked for."""
    asked: list[str] = []

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            asked.append(self.path)
            self.send_response(200)
            self.end_headers()
            self.wfile.write(b"secret\n")

        def log_message(self, format, *args):
            """Print nothing."""

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler) as listening:
        threading.Thread(target=listening.serve_forever, args=(0.01,)).start()
        yield listening.server_port, asked
        listening.shutdown()


@pytest.mark.parametrize(
    "host",
    ["127.0.0.1", "localhost", "2130706433", "[::1]", "[::ffff:127.0.0.1]", "0.0.0.0", "10.0.0.1", "169.254.169.254"],
)
def test_load_csv_reaches_no_inner_address(graph, inner, host):
    port, asked = inner
    with pytest.raises(neo4j.exceptions.ClientError, match="is blocked via the configuration"):
        graph.query(f"LOAD CSV FROM 'http://{host}:{port}/rows.csv' AS row RETURN row")
    assert asked == []


@pytest.mark.parametrize("path", ["db/neo4j/tx/commit", "db/neo4j/query/v2", "db/data/", "db/cluster/available"])
def test_no_query_goes_over_http(server, path):
    address = server.state.browser.removesuffix("browser/") + path
    answer = requests.post(address, json={"statement": "RETURN 1", "statements": []}, auth=server.auth, timeout=60)
    assert answer.status_code == 404


def test_pages_of_other_origins_may_not_read_what_the_server_answers(server):
    own = server.state.browser.removesuffix("/browser/")
    for origin in ("http://shop.example", "null", own):
        answer = requests.get(own, headers={"Origin": origin, "Accept": "application/json"}, timeout=60)
        assert answer.status_code == 200
        assert answer.json()["bolt_direct"] == server.uri
        assert answer.headers["Access-Control-Allow-Origin"] == own
