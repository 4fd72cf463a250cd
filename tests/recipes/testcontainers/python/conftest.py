"""One badftp in a container for all tests; each loads its scenario, and ends with the verdict on the client."""

import json
import os
import urllib.error
import urllib.request

import pytest
from testcontainers.core.container import DockerContainer
from testcontainers.core.wait_strategies import HttpWaitStrategy

FTP, SFTP, CONTROL, PASSIVE = 2121, 2222, 2180, 30000


class Badftp(DockerContainer):
    def __init__(self):
        super().__init__(os.environ.get("BADFTP_IMAGE", "badftp"))
        self.with_exposed_ports(FTP, SFTP, CONTROL, PASSIVE)
        self.with_env("BADFTP_CONTROL_TOKEN", "none")
        self.waiting_for(HttpWaitStrategy(CONTROL, "/health"))

    def start(self):
        """It is told of its ports outside, which are any free ones: passive mode and known_hosts name them."""
        super().start()
        outside = {port: self.get_exposed_port(port) for port in (FTP, SFTP, PASSIVE)}
        self.ask("PUT", "/advertise", json.dumps({"address": self.host, "ports": outside}))
        return self

    @property
    def host(self):
        return self.get_container_host_ip()

    def ask(self, method, path, body=""):
        """The body of the answer; a refusal fails the test with what badftp says of it."""
        url = f"http://{self.host}:{self.get_exposed_port(CONTROL)}{path}"
        request = urllib.request.Request(url, method=method, data=body.encode() or None)
        try:
            with urllib.request.urlopen(request, timeout=60) as answer:
                return answer.read()
        except urllib.error.HTTPError as refusal:
            pytest.fail(refusal.read().decode(), pytrace=False)


@pytest.fixture(scope="session")
def container():
    with Badftp() as badftp:
        yield badftp


@pytest.fixture
def badftp(container, request):
    marker = request.node.get_closest_marker("scenario")
    container.ask("PUT", "/scenario", marker.args[0] if marker else "description: healthy")
    yield container
    container.ask("GET", "/verify?format=text")


def pytest_configure(config):
    config.addinivalue_line("markers", "scenario(name_or_yaml): what badftp does in this test")
