"""Drives ftplib: HOST PORT USER PASSWORD STEPS, where STEPS is JSON: [["retr", "/hello.txt", "local"], ...].

Each step prints its result on a line of its own; an exception ends the run with its class and text. With FTP_TLS it
speaks TLS: `explicit` or `implicit`, and further words parted by commas: `reuse` (data connections resume the control
connection's session), `clear-data`, `TLSv1_2` or `TLSv1_3` (nothing else), `certificate=NAME` (the client shows that
one of the folder FTP_CERTS, where it also finds its CA).
"""

import ftplib
import io
import json
import os
import socket
import ssl
import sys
import threading
import time


tls = set(filter(None, os.environ.get("FTP_TLS", "").split(",")))


def trusting():
    certs = os.environ["FTP_CERTS"]
    context = ssl.create_default_context(cafile=f"{certs}/ca.pem")
    for version in {"TLSv1_2", "TLSv1_3"} & tls:
        context.minimum_version = context.maximum_version = ssl.TLSVersion[version]
    for word in tls:
        if word.startswith("certificate="):
            name = word.split("=")[1]
            context.load_cert_chain(f"{certs}/{name}.pem", f"{certs}/{name}.key")
    return context


class Secure(ftplib.FTP_TLS):
    """What Python's own lacks: implicit TLS, and sessions that are resumed."""

    def connect(self, host, port):
        if "implicit" not in tls:
            return super().connect(host, port)
        self.host = host
        self.sock = socket.create_connection((host, port), self.timeout)
        self.af = self.sock.family
        self.sock = self.context.wrap_socket(self.sock, server_hostname=host)
        self.file = self.sock.makefile("r", encoding=self.encoding)
        self.welcome = self.getresp()
        return self.welcome

    def login(self, user, password):
        reply = super().login(user, password)
        if "clear-data" in tls:
            self.voidcmd("PBSZ 0")
            self.prot_c()
        else:
            self.prot_p()
        return reply

    def ntransfercmd(self, cmd, rest=None):
        conn, size = ftplib.FTP.ntransfercmd(self, cmd, rest)
        if self._prot_p:
            session = self.sock.session if "reuse" in tls else None
            conn = self.context.wrap_socket(conn, server_hostname=self.host, session=session)
        return conn, size


class Client(Secure if tls else ftplib.FTP):
    """Each method is a step; what it returns is printed."""

    source = None

    def source_is(self, address):
        """Makes data connections, not the control connection, from another address."""
        self.source = (address, 0)

    def ntransfercmd(self, cmd, rest=None):
        control, self.source_address = self.source_address, self.source or self.source_address
        try:
            return super().ntransfercmd(cmd, rest)
        finally:
            self.source_address = control

    def others(self, count):
        """Logs in so many sessions more, which stay."""
        self.kept = [connected() for _ in range(count)]

    def wait(self, seconds):
        time.sleep(seconds)

    announced = None

    def active(self, announced=None):
        """Active mode, in which this address is announced in place of the true one."""
        self.set_pasv(False)
        self.announced = announced

    def sendport(self, host, port):
        return super().sendport(self.announced or host, port)

    def resumes(self, path):
        """Whether a download's connection resumes the session."""
        with self.transfercmd(f"RETR {path}") as data:
            resumed = data.session_reused
            data.makefile("rb").read()
        self.voidresp()
        return resumed

    def cipher(self):
        return self.sock.cipher()[0]

    def offer_alpn(self):
        """Once more, and with a protocol to agree on."""
        self.context.set_alpn_protocols(["ftp"])
        connected_by(self.context)

    def forget_session(self):
        tls.discard("reuse")

    def speak(self, encoding):
        self.encoding = encoding
        self.file = self.sock.makefile("r", encoding=encoding)

    def retr(self, path, local, rest=None):
        with open(local, "ab" if rest else "wb") as file:
            return self.retrbinary(f"RETR {path}", file.write, rest=rest)

    def cat(self, path):
        return self.retrbinary(f"RETR {path}", sys.stdout.buffer.write)

    def stor(self, path, local, rest=None):
        with open(local, "rb") as file:
            file.seek(rest or 0)
            return self.storbinary(f"STOR {path}", file, rest=rest)

    def appe(self, path, text):
        return self.storbinary(f"APPE {path}", io.BytesIO(text.encode()))

    def retr_ascii(self, path):
        lines = []
        self.retrlines(f"RETR {path}", lines.append)
        return lines

    def ascii_size(self, path):
        """How many bytes are on the wire."""
        self.voidcmd("TYPE A")
        with self.transfercmd(f"RETR {path}") as data:
            size = len(data.makefile("rb").read())
        self.voidresp()
        return size

    def stor_ascii(self, path, text):
        return self.storlines(f"STOR {path}", io.BytesIO(text.encode()))

    def list(self, *arguments):
        lines = []
        self.retrlines(" ".join(["LIST", *arguments]), lines.append)
        return lines

    def names(self, *arguments):
        return sorted(self.nlst(*arguments))

    def facts(self, path):
        entries = super().mlsd(path)
        return sorted([name, facts.get("type"), facts.get("size")] for name, facts in entries)

    def abort_in(self, path, size):
        """Reads some of a download and leaves it; hands back the codes of all replies until NOOP's, which is 200."""
        self.voidcmd("TYPE I")
        data = self.transfercmd(f"RETR {path}")
        data.recv(size)
        data.close()
        codes = [self.abort()[:3]]
        self.putcmd("NOOP")
        while codes[-1] != "200":
            codes.append(self.getmultiline()[:3])
        return codes

    def together(self, count, path):
        """Downloads with `count` sessions, all of them logged in before the first one reads."""
        barrier, sizes = threading.Barrier(count), []

        def session():
            with connected() as client:
                received = []
                barrier.wait(20)
                client.retrbinary(f"RETR {path}", received.append)
                sizes.append(len(b"".join(received)))

        threads = [threading.Thread(target=session) for _ in range(count)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(30)
        return sizes


def connected():
    return connected_by(trusting() if tls else None)


def connected_by(context):
    client = Client(timeout=5, **({"context": context} if context else {}))
    client.connect(host, int(port))
    client.login(user, password)
    return client


host, port, user, password, steps = sys.argv[1:]
try:
    ftp = connected()
    for name, *arguments in json.loads(steps):
        print(json.dumps(getattr(ftp, name)(*arguments), ensure_ascii=False), flush=True)
    ftp.quit()
except Exception as error:
    sys.exit(f"{type(error).__name__}: {error}")
