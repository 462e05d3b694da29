#!/usr/bin/env python3
"""A client of the partner interface for Python 3.8 or later, without packages.

    HL_URL=https://host HL_APP_ID=hl_x HL_SECRET=... hotline.py GET /partner/v1/ping
    ... hotline.py PUT /partner/v1/tickets/A-1 '{"content":"...","acceptedAt":"2026-11-22 10:00:00"}'
    HL_SECRET=whsec_... hotline.py verify WEBHOOK-ID WEBHOOK-TIMESTAMP WEBHOOK-SIGNATURE < body    # is a push genuine?
"""
import base64
import hashlib
import hmac
import http.client
import os
import secrets
import sys
import time
import urllib.parse

ALGORITHM = "HL1-HMAC-SHA256"


def string_to_sign(app_id, timestamp, nonce, method, target, body):
    path, _, query = target.partition("?")
    # By bytes, keys before values; what is percent-encoded stays as it is sent.
    pairs = sorted((pair.partition("=") for pair in query.split("&")), key=lambda p: (p[0].encode(), p[2].encode())) if query else []
    return "\n".join([ALGORITHM, app_id, timestamp, nonce, method, path, "&".join("".join(p) for p in pairs), hashlib.sha256(body).hexdigest()])


def sign(secret, text):
    return hmac.new(secret.encode(), text.encode(), hashlib.sha256).hexdigest()


class HotlineClient:
    def __init__(self, url, app_id, secret, timeout=10):
        self.url, self.app_id, self.secret, self.timeout = urllib.parse.urlsplit(url), app_id, secret, timeout

    def send(self, method, target, json=None):
        """Answers (status, text). A new nonce and time for every try, also when the same call is tried again. No redirect is followed."""
        body = b"" if json is None else json.encode()
        timestamp, nonce = str(int(time.time())), secrets.token_hex(16)
        headers = {
            "X-Hl-App-Id": self.app_id,
            "X-Hl-Timestamp": timestamp,
            "X-Hl-Nonce": nonce,
            "X-Hl-Signature": sign(self.secret, string_to_sign(self.app_id, timestamp, nonce, method, target, body)),
        }
        if json is not None:
            headers["Content-Type"] = "application/json; charset=utf-8"
        kind = http.client.HTTPSConnection if self.url.scheme == "https" else http.client.HTTPConnection
        connection = kind(self.url.netloc, timeout=self.timeout)
        try:
            connection.request(method, self.url.path.rstrip("/") + target, body if json is not None else None, headers)
            answer = connection.getresponse()
            return answer.status, answer.read().decode()
        finally:
            connection.close()


def is_genuine(secret, push_id, timestamp, signatures, body, now=None):
    """Whether a push came from the platform (Standard Webhooks). body: the bytes as they arrived."""
    if not timestamp.isdigit() or abs((time.time() if now is None else now) - int(timestamp)) > 300:
        return False
    key = base64.b64decode(secret[len("whsec_"):] if secret.startswith("whsec_") else secret)
    expected = "v1," + base64.b64encode(hmac.new(key, f"{push_id}.{timestamp}.".encode() + body, hashlib.sha256).digest()).decode()
    return any(hmac.compare_digest(given.encode(), expected.encode()) for given in signatures.split(" "))


def main(arguments):
    secret = os.environ.get("HL_SECRET", "")
    if len(arguments) == 4 and arguments[0] == "verify" and secret:
        genuine = is_genuine(secret, *arguments[1:], body=sys.stdin.buffer.read())
        print("genuine" if genuine else "not genuine")
        return 0 if genuine else 1
    url, app_id = os.environ.get("HL_URL", ""), os.environ.get("HL_APP_ID", "")
    if len(arguments) not in (2, 3) or not (url and app_id and secret):
        print("usage: HL_URL= HL_APP_ID= HL_SECRET= hotline.py METHOD /partner/v1/... [JSON]", file=sys.stderr)
        return 2
    status, text = HotlineClient(url, app_id, secret).send(*arguments)
    sys.stdout.buffer.write((text + "\n").encode())
    return 0 if status < 400 else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
