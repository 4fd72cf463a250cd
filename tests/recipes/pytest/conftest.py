"""One badftp for all tests; each loads the scenario it is marked with, and ends with the verdict on the client."""

import os
import urllib.error
import urllib.request

import pytest

CONTROL = os.environ.get("BADFTP_CONTROL_URL")


class Badftp:
    host = os.environ.get("BADFTP_HOST")
    port = int(os.environ.get("BADFTP_FTP_PORT", 0))
    user = os.environ.get("BADFTP_USER")
    password = os.environ.get("BADFTP_PASSWORD")

    def ask(self, method, path, body=None):
        """The body of the answer; a refusal fails the test with what badftp says of it."""
        request = urllib.request.Request(CONTROL + path, method=method, data=body)
        try:
            with urllib.request.urlopen(request, timeout=60) as answer:
                return answer.read()
        except urllib.error.HTTPError as refusal:
            pytest.fail(refusal.read().decode(), pytrace=False)

    def load(self, scenario):
        self.ask("PUT", "/scenario", scenario.encode())

    def stored(self, path):
        return self.ask("GET", "/files" + path)

    def verify(self):
        self.ask("GET", "/verify?format=text")


@pytest.fixture
def badftp(request):
    if CONTROL is None:
        pytest.fail("run this as `badftp run -- pytest`", pytrace=False)
    server = Badftp()
    marker = request.node.get_closest_marker("scenario")
    server.load(marker.args[0] if marker else "description: healthy")
    yield server
    server.verify()


def pytest_configure(config):
    config.addinivalue_line("markers", "scenario(name_or_yaml): what badftp does in this test")
