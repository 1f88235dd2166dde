"""A package index for tests: Basic authentication, TLS, listings with or without digests, recorded upload answers.

Its one argument is a JSON object. The first line on standard output is the port; every request appends a line to the
log file: method, path, whether it carried the right credential, and the client certificate's name.
"""

import base64
import email
import hashlib
import http.server
import json
import re
import ssl
import sys
import threading

config = json.loads(sys.argv[1])
files = {}
lock = threading.Lock()


class Handler(http.server.BaseHTTPRequestHandler):
    def log_message(self, *arguments):
        pass

    def known(self):
        if not config.get("password"):
            return True
        pair = f"{config['user']}:{config['password']}".encode()
        return self.headers.get("Authorization") == "Basic " + base64.b64encode(pair).decode()

    def noted(self):
        peer = ""
        if config.get("key"):
            subject = dict(pair[0] for pair in (self.connection.getpeercert() or {}).get("subject", ()))
            peer = subject.get("commonName", "")
        who = "known" if self.known() else "sent" if "Authorization" in self.headers else "anonymous"
        with lock, open(config["log"], "a") as log:
            log.write(f"{self.command} {self.path} {who} {peer}\n")

    def answer(self, status, body, kind="text/html", reason=None):
        body = body if isinstance(body, bytes) else body.encode()
        self.send_response(status, reason)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def do_GET(self):
        self.noted()
        if not self.known():
            status = config.get("anonymous", 401)
            return self.answer(status, f"{status} Not Found" if status == 404 else "who are you", "text/plain")
        if name := re.fullmatch("/simple/([^/]+)/", self.path):
            listed = [file for file in sorted(files) if re.split("-", file)[0].lower() == name[1]]
            if not listed:
                return self.answer(404, "404 Not Found", "text/plain")
            links = "".join(f'<a href="/files/{file}{self.digest(files[file])}">{file}</a>\n' for file in listed)
            return self.answer(200, f"<!DOCTYPE html><html><body>\n{links}</body></html>")
        if self.path.startswith("/files/") and self.path[7:] in files:
            return self.answer(200, files[self.path[7:]], "application/octet-stream")
        self.answer(404, "404 Not Found", "text/plain")

    def digest(self, data):
        algorithm = config.get("digest", "sha256")
        return "" if algorithm == "none" else f"#{algorithm}={hashlib.new(algorithm, data).hexdigest()}"

    def do_POST(self):
        self.noted()
        body = self.rfile.read(int(self.headers["Content-Length"]))
        if not self.known():
            return self.answer(401, "who are you", "text/plain")
        head = f"Content-Type: {self.headers['Content-Type']}\r\n\r\n".encode()
        form = email.message_from_bytes(head + body)
        part = next(p for p in form.walk() if p.get_param("name", header="content-disposition") == "content")
        name, data = part.get_filename(), part.get_payload(decode=True)
        said = config.get("said")
        if not said:
            files[name] = data
            return self.answer(200, "")
        stores = said["stores"]
        if stores != "nothing":
            files[name] = data if stores == "same" else data + b"\n"
        self.answer(said["status"], said["text"], "text/plain", said.get("reason"))


server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
if config.get("key"):
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(config["key"])
    if config.get("clients"):
        context.verify_mode = ssl.CERT_REQUIRED
        context.load_verify_locations(config["clients"])
    server.socket = context.wrap_socket(server.socket, server_side=True)
print(server.server_port, flush=True)
server.serve_forever()
