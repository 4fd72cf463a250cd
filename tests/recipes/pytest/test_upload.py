# badftp run -- pytest

import ftplib

import pytest
from upload import upload


@pytest.fixture
def report(tmp_path):
    path = tmp_path / "report.csv"
    path.write_text("day,sold\nmonday,3\n")
    return path


def send(badftp, report, **how):
    return upload(badftp.host, badftp.port, badftp.user, badftp.password, report, **how)


@pytest.mark.scenario("""
rules: [{when: upload, times: 1, reply: "450 Busy, try again"}]
expect: [{when: upload, times: 2, gap: 400ms+}]
""")
def test_a_busy_server_is_asked_again(badftp, report):
    assert send(badftp, report).startswith("226")
    assert badftp.stored("/report.csv") == report.read_bytes()


@pytest.mark.scenario("""
rules: [{when: upload, reply: 550 No permission}]
expect: [{when: upload, times: 1}]
""")
def test_a_refusal_for_good_is_taken_as_one(badftp, report):
    with pytest.raises(ftplib.error_perm, match="550"):
        send(badftp, report)


@pytest.mark.scenario("ftp/data-425")
def test_a_shipped_scenario(badftp, report):
    with pytest.raises(ftplib.error_temp, match="425"):
        send(badftp, report, tries=2, pause=0)


def test_a_healthy_server(badftp, report):
    assert send(badftp, report).startswith("226")


@pytest.mark.scenario("rules: [{when: upload, times: 1, reply: 450 Busy}]")
def test_the_same_scenario_again(badftp, report):
    for _ in range(2):
        badftp.ask("POST", "/reset")
        with pytest.raises(ftplib.error_temp, match="450"):
            send(badftp, report, tries=1)
        badftp.verify()
