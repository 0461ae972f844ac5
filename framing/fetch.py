"""Fetch a page for reading: only public addresses, few redirects, bounded size and time."""

from __future__ import annotations

import http.client
import ipaddress
import socket
import ssl
from time import monotonic
from typing import Any
from urllib.parse import quote, urljoin, urlsplit

from framing.schema import FramingError

REDIRECTS = 5
SECONDS = 20.0
_IN_A_PATH = "/%?&=:@!$'()*+,;~-._[]"  # what is sent as it stands
AGENT = "framing (article reader)"


def fetch(url: str, max_bytes: int, private: bool = False) -> tuple[bytes, str]:
    """Return a page's body, cut one byte behind max_bytes so that the reader sees it is too long, and content type.

    Refuses other schemes than http and https, private and loopback addresses unless `private`, and more
    than REDIRECTS redirects; all as FramingError in one line. The address is looked up once and
    connected to as found, so that a name cannot change its mind in between.
    """
    for _ in range(REDIRECTS + 1):
        response = _open(url, private)
        if response.status in (301, 302, 303, 307, 308):
            target = response.headers.get("Location")
            response.close()
            if not target:
                raise FramingError(f"{url}: a redirect to nowhere")
            url = _joined(url, target)
            continue
        if response.status != 200:
            response.close()
            raise FramingError(f"{url}: the server answered {response.status} {response.reason}")
        return _read(response, url, max_bytes + 1), response.headers.get("Content-Type", "")
    raise FramingError(f"{url}: more than {REDIRECTS} redirects")


def _joined(url: str, target: str) -> str:
    try:
        return urljoin(url, target)
    except ValueError as error:
        raise FramingError(f"{url}: a redirect to no address ({error})") from error


def _read(response: http.client.HTTPResponse, url: str, most: int) -> bytes:
    """At most so many bytes of a page, within SECONDS however slowly it drips."""
    body, until = bytearray(), monotonic() + SECONDS
    try:
        while len(body) < most and (piece := response.read1(most - len(body))):
            body += piece
            if monotonic() > until:
                raise FramingError(f"{url}: not read in {SECONDS:.0f} seconds")
    except (OSError, http.client.HTTPException) as error:
        raise FramingError(f"{url}: broken off while reading ({error})") from error
    return bytes(body)


def _open(url: str, private: bool) -> http.client.HTTPResponse:
    try:
        parts = urlsplit(url)
        port = parts.port or (443 if parts.scheme == "https" else 80)
    except ValueError as error:
        raise FramingError(f"{url}: not an address ({error})") from error
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise FramingError(f"{url}: only http and https addresses are read")
    address = _address(parts.hostname, port, private)
    connection: Any = http.client.HTTPConnection(parts.hostname, port, timeout=SECONDS)
    try:
        sock = socket.create_connection(address, timeout=SECONDS)
        if parts.scheme == "https":
            sock = ssl.create_default_context().wrap_socket(sock, server_hostname=parts.hostname)
        connection.sock = sock
        path = quote((parts.path or "/") + (f"?{parts.query}" if parts.query else ""), safe=_IN_A_PATH)
        connection.request("GET", path, headers={"User-Agent": AGENT, "Accept": "text/html, text/plain"})
        response: http.client.HTTPResponse = connection.getresponse()
        return response
    except (OSError, ValueError, http.client.HTTPException) as error:
        raise FramingError(f"{url}: cannot be read ({error})") from error


def _address(host: str, port: int, private: bool) -> tuple[str, int]:
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise FramingError(f"{host}: no such host ({error})") from error
    addresses = [str(entry[4][0]) for entry in found]
    if not private and any(not ipaddress.ip_address(a.split("%")[0]).is_global for a in addresses):
        raise FramingError(f"{host}: a private address; --allow-private reads from your own network")
    return addresses[0], port
