"""Fetch a page for reading: only public addresses, few redirects, bounded size and time."""

from __future__ import annotations

import http.client
import ipaddress
import socket
import ssl
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager, suppress
from threading import Timer
from time import monotonic
from typing import Any
from urllib.parse import quote, urljoin, urlsplit

from framing.schema import FramingError

REDIRECTS = 5
SECONDS = 20.0  # of a fetch, redirects and all
_IN_A_PATH = "/%?&=:@!$'()*+,;~-._[]"  # what is sent as it stands
# IPv6 addresses whose last 32 bits are the IPv4 address that is reached in the end: NAT64's, and IPv4-compatible ones.
_CARRIERS = (ipaddress.IPv6Network("64:ff9b::/96"), ipaddress.IPv6Network("::/96"))
_LOCAL_NAT64 = ipaddress.IPv6Network("64:ff9b:1::/48")
AGENT = "framing (article reader)"


def fetch(url: str, max_bytes: int, private: bool = False) -> tuple[bytes, str]:
    """Return a page's body, cut one byte behind max_bytes so that the reader sees it is too long, and content type.

    Refuses other schemes than http and https, private and loopback addresses unless `private`, and more
    than REDIRECTS redirects; all as FramingError in one line. The address is looked up once and
    connected to as found, so that a name cannot change its mind in between.
    """
    until = monotonic() + SECONDS
    for _ in range(REDIRECTS + 1):
        with _answer(url, private, until) as response:
            if response.status == 200:
                return _read(response, url, max_bytes + 1, until), response.headers.get("Content-Type", "")
            target = response.headers.get("Location")
            if response.status not in (301, 302, 303, 307, 308):
                raise FramingError(f"{url}: the server answered {response.status} {response.reason}")
            if not target:
                raise FramingError(f"{url}: a redirect to nowhere")
            url = _joined(url, target)
    raise FramingError(f"{url}: more than {REDIRECTS} redirects")


def _joined(url: str, target: str) -> str:
    try:
        return urljoin(url, target)
    except ValueError as error:
        raise FramingError(f"{url}: a redirect to no address ({error})") from error


def _read(response: http.client.HTTPResponse, url: str, most: int, until: float) -> bytes:
    """At most so many bytes of a page, before `until` however slowly it drips."""
    body = bytearray()
    try:
        while len(body) < most and (piece := response.read1(most - len(body))):
            body += piece
    except (OSError, http.client.HTTPException) as error:
        raise FramingError(f"{url}: broken off while reading ({error})") from error
    if monotonic() > until:
        raise FramingError(f"{url}: not read in {SECONDS:.0f} seconds")
    if len(body) < most and response.length:  # read1 ends without a word where the connection does
        raise FramingError(f"{url}: broken off, {response.length} bytes are missing")
    return bytes(body)


@contextmanager
def _answer(url: str, private: bool, until: float) -> Iterator[http.client.HTTPResponse]:
    """The server's answer, its connection closed afterwards, or at `until` whatever it is at."""
    try:
        parts = urlsplit(url)
        port = parts.port or (443 if parts.scheme == "https" else 80)
    except ValueError as error:
        raise FramingError(f"{url}: not an address ({error})") from error
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise FramingError(f"{url}: only http and https addresses are read")
    addresses = _addresses(parts.hostname, port, private)
    with ExitStack() as stack:
        try:
            sock = _connected(addresses, until)
            stack.enter_context(sock)
            stack.enter_context(_ended(sock, until))
            if parts.scheme == "https":
                sock = ssl.create_default_context().wrap_socket(sock, server_hostname=parts.hostname)
            connection: Any = http.client.HTTPConnection(parts.hostname, port)
            stack.enter_context(closing(connection))
            connection.sock = sock
            path = quote((parts.path or "/") + (f"?{parts.query}" if parts.query else ""), safe=_IN_A_PATH)
            connection.request("GET", path, headers={"User-Agent": AGENT, "Accept": "text/html, text/plain"})
            response: http.client.HTTPResponse = connection.getresponse()
        except (OSError, ValueError, http.client.HTTPException) as error:
            late = f"not read in {SECONDS:.0f} seconds" if monotonic() > until else f"cannot be read ({error})"
            raise FramingError(f"{url}: {late}") from error
        yield stack.enter_context(closing(response))


@contextmanager
def _ended(sock: socket.socket, until: float) -> Iterator[None]:
    """Shut a connection down at `until`: a timeout alone begins anew with every byte a server drips."""
    with sock.dup() as same:  # wrap_socket takes the other one over
        timer = Timer(max(0.0, until - monotonic()), _shut, (same,))
        timer.daemon = True
        timer.start()
        try:
            yield
        finally:
            timer.cancel()


def _shut(sock: socket.socket) -> None:
    with suppress(OSError):  # it is closed by now
        sock.shutdown(socket.SHUT_RDWR)


def _connected(addresses: list[tuple[str, int]], until: float) -> socket.socket:
    """A connection to the first of a host's addresses that answers; OSError where none does."""
    for address in addresses[:-1]:
        with suppress(OSError):
            return socket.create_connection(address, timeout=max(0.01, (until - monotonic()) / 2))
    return socket.create_connection(addresses[-1], timeout=max(0.01, until - monotonic()))


def _addresses(host: str, port: int, private: bool) -> list[tuple[str, int]]:
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise FramingError(f"{host}: no such host ({error})") from error
    addresses = list(dict.fromkeys(str(entry[4][0]) for entry in found))
    if not private and not all(map(_is_public, addresses)):
        raise FramingError(f"{host}: a private address; framing predict --allow-private reads from your own network")
    return [(address, port) for address in addresses]


def _is_public(address: str) -> bool:
    """Whether an address is on the public network, and one it embeds too (NAT64, 6to4, Teredo, mapped, compatible)."""
    ip = ipaddress.ip_address(address.split("%")[0])
    if isinstance(ip, ipaddress.IPv6Address):
        inner = ip.ipv4_mapped or ip.sixtofour or (ip.teredo[1] if ip.teredo else None)
        if any(ip in carrier for carrier in _CARRIERS):
            inner = ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF)
        if inner is not None:
            return _is_public(str(inner))
        if ip.is_site_local or ip in _LOCAL_NAT64:
            return False
    return ip.is_global and not ip.is_multicast
