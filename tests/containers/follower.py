"""Prints each post as a line of JSON, and answers 204."""

import json
from http.server import BaseHTTPRequestHandler, HTTPServer


class Follower(BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        headers = {name.lower(): value for name, value in self.headers.items()}
        print(json.dumps({"path": self.path, "body": body, "headers": headers}), flush=True)
        self.send_response(204)
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """No other lines."""


HTTPServer(("", 9000), Follower).serve_forever()
