"""Drives ftplib with TLS: HOST PORT USER PASSWORD CA OPTIONS STEPS, where OPTIONS are parted by commas: `implicit`, `reuse`
(data connections resume the control connection's session), `TLSv1_2`, `TLSv1_3` (nothing else), `insecure` (any
certificate will do), `clear-data`, `clear` (no TLS at all), `certificate` (the client shows its own). Steps and results are those of `ftplib_client.py`.
"""

import ftplib
import io
import json
import ssl
import sys

host, port, user, password, ca, options, steps = sys.argv[1:]
options = set(options.split(","))

context = ssl.create_default_context(cafile=ca)
for version in {"TLSv1_2", "TLSv1_3"} & options:
    context.minimum_version = context.maximum_version = ssl.TLSVersion[version]
if "insecure" in options:
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
if "certificate" in options:
    folder = ca.rsplit("/", 1)[0]
    context.load_cert_chain(f"{folder}/client.pem", f"{folder}/client.key")


class Client(ftplib.FTP_TLS):
    def connect(self, host, port):
        if "implicit" not in options:
            return super().connect(host, port)
        import socket

        self.host = host
        self.sock = socket.create_connection((host, port), self.timeout)
        self.af = self.sock.family
        self.sock = self.context.wrap_socket(self.sock, server_hostname=host)
        self.file = self.sock.makefile("r", encoding=self.encoding)
        self.welcome = self.getresp()
        return self.welcome

    def ntransfercmd(self, cmd, rest=None):
        conn, size = ftplib.FTP.ntransfercmd(self, cmd, rest)
        if self._prot_p:
            session = self.sock.session if "reuse" in options else None
            conn = self.context.wrap_socket(conn, server_hostname=self.host, session=session)
        return conn, size

    def retr(self, path, local):
        with open(local, "wb") as file:
            return self.retrbinary(f"RETR {path}", file.write)

    def stor(self, path, local):
        with open(local, "rb") as file:
            return self.storbinary(f"STOR {path}", file)

    def names(self, *arguments):
        return sorted(self.nlst(*arguments))

    def list(self, *arguments):
        lines = []
        self.retrlines(" ".join(["LIST", *arguments]), lines.append)
        return lines


try:
    ftp = (ftplib.FTP if "clear" in options else Client)(timeout=5, **({} if "clear" in options else {"context": context}))
    ftp.connect(host, int(port))
    ftp.login(user, password)
    if not {"clear-data", "clear"} & options:
        ftp.prot_p()
    for name, *arguments in json.loads(steps):
        print(json.dumps(getattr(ftp, name)(*arguments), ensure_ascii=False), flush=True)
    ftp.quit()
except Exception as error:
    sys.exit(f"{type(error).__name__}: {error}")
