"""What is tested: an upload that tries again."""

import ftplib
import time


def upload(host, port, user, password, path, tries=3, pause=0.5):
    for left in reversed(range(tries)):
        try:
            with ftplib.FTP() as ftp, open(path, "rb") as file:
                ftp.connect(host, port, timeout=10)
                ftp.login(user, password)
                return ftp.storbinary("STOR report.csv", file)
        except ftplib.error_temp:
            if left == 0:
                raise
            time.sleep(pause)
