# pip install pytest testcontainers paramiko
# pytest

import ftplib
import io
import time

import paramiko
import pytest
from conftest import FTP, SFTP

REPORT = b"day,sold\nmonday,3\n"


def upload(host, port, tries=3, pause=0.5):
    """What is tested: an upload that tries again."""
    for left in reversed(range(tries)):
        try:
            with ftplib.FTP() as ftp:
                ftp.connect(host, port, timeout=10)
                ftp.login("ann", "secret")
                return ftp.storbinary("STOR report.csv", io.BytesIO(REPORT))
        except ftplib.error_temp:
            if left == 0:
                raise
            time.sleep(pause)


@pytest.mark.scenario("""
rules: [{when: upload, times: 1, reply: "450 Busy, try again"}]
expect: [{when: upload, times: 2, gap: 400ms+}]
""")
def test_a_busy_server_is_asked_again(badftp):
    assert upload(badftp.host, badftp.get_exposed_port(FTP)).startswith("226")
    assert badftp.ask("GET", "/files/report.csv") == REPORT


@pytest.mark.scenario("ftp/data-425")
def test_a_shipped_scenario(badftp):
    with pytest.raises(ftplib.error_temp, match="425"):
        upload(badftp.host, badftp.get_exposed_port(FTP), tries=1)


def test_sftp_with_a_host_key_that_is_known(badftp, tmp_path):
    known_hosts = tmp_path / "known_hosts"
    known_hosts.write_bytes(badftp.ask("GET", "/known_hosts"))
    with paramiko.SSHClient() as ssh:
        ssh.load_host_keys(known_hosts)
        port = badftp.get_exposed_port(SFTP)
        ssh.connect(badftp.host, port, "ann", password="secret", look_for_keys=False, allow_agent=False)
        ssh.open_sftp().putfo(io.BytesIO(REPORT), "report.csv")
    assert badftp.ask("GET", "/files/report.csv") == REPORT
