from __future__ import annotations

import socket
import ssl
import subprocess
import threading
import time
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.adapters.receiver import receiving
from vision_readiness.deliveries import Secret, verify
from vision_readiness_adapters.callback_http import CallbackRules, CallbackSender, Sending, Sent, UnsafeUrlError
from vision_readiness_adapters.callback_http.address import may_be_called
from vision_readiness_adapters.callback_http.target import read_target

NOW = datetime(2026, 11, 20, 12, 0, 0, tzinfo=UTC)
SECRET = Secret(b"a secret of thirty-two bytes, yes")
PUBLIC = "93.184.216.34"
METADATA = b"HTTP/1.1 302 Found\r\nLocation: http://169.254.169.254/latest/meta-data/\r\nContent-Length: 0\r\n\r\n"


class Resolver:
    """Gives one answer after the other, and counts."""

    def __init__(self, *answers):
        self.answers, self.asked = list(answers), []

    def __call__(self, host, port):
        self.asked.append(host)
        answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        if isinstance(answer, Exception):
            raise answer
        return answer


def sender(*answers, inside=(), **more):
    resolve = Resolver(*answers or [["127.0.0.1"]])
    return CallbackSender(CallbackRules(inside=frozenset(inside)), resolve=resolve, **more)


def send(by, url):
    return by.send(url, SECRET, "evt_1", b'{"state": "ready"}', now=NOW)


def send_to(receiver, path="/hook", **more):
    origin = f"http://hooks.acme.example:{receiver.port}"
    return send(sender(inside=[origin], **more), origin + path)


def test_a_callback_arrives_signed_and_under_its_name():
    with receiving() as receiver:
        assert send_to(receiver, "/hook?team=dock") == Sent(Sending.DELIVERED, "The receiver accepted it.", 204)
    assert receiver.seen[0].startswith(b"POST /hook?team=dock HTTP/1.1\r\n")
    assert receiver.header("host") == f"hooks.acme.example:{receiver.port}"
    headers = {name: receiver.header(name) for name in ("webhook-id", "webhook-timestamp", "webhook-signature")}
    assert verify([SECRET], headers, receiver.seen[0].partition(b"\r\n\r\n")[2], now=NOW).id == "evt_1"


@pytest.mark.parametrize(
    ("answer", "outcome", "status", "wait"),
    [(b"HTTP/1.1 200 OK\r\n\r\n", Sending.DELIVERED, 200, None),
     (b"HTTP/1.1 410 Gone\r\n\r\n", Sending.GONE, 410, None),
     (b"HTTP/1.1 429 Slow\r\nRetry-After: 30\r\n\r\n", Sending.RETRY, 429, 30.0),
     (b"HTTP/1.1 500 Oh\r\nContent-Length: 6\r\n\r\nsecret", Sending.RETRY, 500, None),
     (METADATA, Sending.RETRY, 302, None)],
)  # fmt: skip
def test_what_an_answer_means(answer, outcome, status, wait):
    with receiving(answer) as receiver:
        sent = send_to(receiver)
    assert (sent.outcome, sent.status, sent.retry_after) == (outcome, status, wait)
    assert "secret" not in sent.because


def test_a_redirect_is_not_followed():
    with receiving(METADATA) as receiver:
        sent = send_to(receiver)
    assert "redirect is not followed" in sent.because
    assert len(receiver.seen) == 1


@pytest.mark.parametrize(
    "answer", [b"", b"\x00" * 100, b"SSH-2.0-OpenSSH_9\r\n", b"HTTP/1.1 9999 x\r\n\r\n", b"HTTP/1.1 101 x\r\n\r\n"]
)
def test_what_is_no_answer_is_tried_again(answer):
    with receiving(answer) as receiver:
        assert send_to(receiver).outcome is Sending.RETRY


def test_the_name_is_resolved_once_and_the_connection_goes_where_was_checked(monkeypatch):
    called = []

    def unreachable(address, *_, **__):
        called.append(address)
        raise OSError

    monkeypatch.setattr(socket, "create_connection", unreachable)
    rebinding = sender([PUBLIC], ["127.0.0.1"])
    assert send(rebinding, "https://hooks.acme.example/").outcome is Sending.RETRY
    assert (rebinding.resolve.asked, called) == (["hooks.acme.example"], [(PUBLIC, 443)])
    assert send(rebinding, "https://hooks.acme.example/").outcome is Sending.REFUSED
    assert called == [(PUBLIC, 443)]


@pytest.mark.parametrize("addresses", [[PUBLIC, "10.0.0.1"], ["::1", PUBLIC], [PUBLIC] * 17, ["not an address"]])
def test_one_address_that_may_not_be_called_is_enough(addresses):
    assert send(sender(addresses), "https://hooks.acme.example/").outcome is Sending.REFUSED


def test_where_a_name_leads_is_not_told():
    assert "10.1.2.3" not in send(sender(["10.1.2.3"]), "https://internal.acme.example/").because


@pytest.mark.parametrize("answer", [OSError("no such host"), UnicodeError(), []])
def test_a_name_that_is_not_known_is_tried_again(answer):
    assert send(sender(answer), "https://hooks.acme.example/").outcome is Sending.RETRY


def test_a_resolver_that_hangs_is_left_behind():
    gate, resolved = threading.Event(), []

    def resolve(_host, _port):
        resolved.append(gate.wait(30))
        return [PUBLIC]

    hanging = CallbackSender(resolve=resolve, total_seconds=0.2)
    assert send(hanging, "https://hooks.acme.example/").outcome is Sending.RETRY
    assert resolved == []
    gate.set()


def test_an_origin_that_is_vouched_for_never_leads_to_metadata():
    lan = sender(["169.254.169.254"], inside=["http://hooks.lan:8080"])
    assert send(lan, "http://hooks.lan:8080/").outcome is Sending.REFUSED


def test_the_next_address_is_tried_when_one_takes_no_connection():
    with receiving() as receiver:
        origin = f"http://hooks.acme.example:{receiver.port}"
        assert send(sender(["::1", "127.0.0.1"], inside=[origin]), origin).outcome is Sending.DELIVERED


def test_proxies_of_the_environment_are_ignored(monkeypatch):
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:1")
    with receiving() as receiver:
        assert send_to(receiver).outcome is Sending.DELIVERED


SLOW = b"HTTP/1.1 200 OK\r\nX-Slow: " + b"a" * 1000


def dripping():
    for letter in SLOW:
        time.sleep(0.05)
        yield bytes([letter])


def test_an_answer_that_drips_ends_at_the_deadline():
    with receiving(dripping) as receiver:
        assert send_to(receiver, total_seconds=0.5) == Sent(Sending.RETRY, "The receiver did not answer in time.")
        assert receiver.sent_back < len(SLOW)


def hundred_megabytes():
    yield b"HTTP/1.1 200 OK\r\nContent-Length: 104857600\r\n\r\n"
    for _ in range(1600):
        yield b"x" * 65_536


def test_a_body_of_any_size_is_not_read():
    with receiving(hundred_megabytes) as receiver:
        assert send_to(receiver).outcome is Sending.DELIVERED
    assert receiver.sent_back < 50 * 2**20


def endless_head():
    yield b"HTTP/1.1 200 OK\r\n"
    for number in range(100_000):
        yield b"X-%d: " % number + b"x" * 1000 + b"\r\n"


def test_a_head_without_end_is_cut_off():
    with receiving(endless_head) as receiver:
        assert send_to(receiver).outcome is Sending.RETRY
    assert receiver.sent_back < 50 * 2**20


@pytest.fixture(scope="module")
def certificate(tmp_path_factory):
    """A certificate for hooks.acme.example that its own authority signed."""
    folder = tmp_path_factory.mktemp("certificate")
    key, cert = folder / "key.pem", folder / "cert.pem"
    words = "req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 -subj /CN=test -addext"
    command = ["openssl", *words.split(), "subjectAltName=DNS:hooks.acme.example", "-keyout", key, "-out", cert]
    try:
        subprocess.run(command, check=True, capture_output=True)  # noqa: S603 - our own words
    except FileNotFoundError:
        pytest.skip("openssl is not here")
    return key, cert


@pytest.mark.parametrize(
    ("host", "outcome"), [("hooks.acme.example", Sending.DELIVERED), ("other.example", Sending.RETRY)]
)
def test_the_certificate_is_checked_against_the_name_and_not_the_address(certificate, host, outcome):
    key, cert = certificate
    names = []
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server.load_cert_chain(cert, key)
    server.sni_callback = lambda _socket, name, _context: names.append(name)
    with receiving(wrap=lambda raw: server.wrap_socket(raw, server_side=True)) as receiver:
        origin = f"https://{host}:{receiver.port}"
        trusting = sender(inside=[origin], certificates=ssl.create_default_context(cafile=str(cert)))
        sent = send(trusting, origin)
        assert sent.outcome is outcome
        assert names == [host]
        assert send(sender(inside=[origin]), origin).because.endswith("Its certificate is not valid for its name.")
    assert receiver.seen or "certificate" in sent.because


@pytest.mark.parametrize(
    "address",
    ["0.0.0.0", "0.1.2.3", "10.0.0.1", "100.64.0.1", "100.100.100.200", "127.0.0.1", "127.1.2.3",  # noqa: S104 - refused
     "169.254.169.254", "168.63.129.16", "172.16.0.1", "172.31.255.255", "192.0.0.8",
     "192.0.0.192", "192.0.2.1", "192.88.99.1", "192.168.1.1", "198.18.0.1", "198.51.100.1",
     "203.0.113.1", "224.0.0.1", "239.255.255.250", "240.0.0.1", "255.255.255.255", "::", "::1",
     "::127.0.0.1", "::ffff:127.0.0.1", "::ffff:169.254.169.254", "::ffff:10.0.0.1",
     "::ffff:0:127.0.0.1", "64:ff9b::169.254.169.254", "64:ff9b::7f00:1", "64:ff9b:1::a00:1",
     "100::1", "2001::1", "2001:0:53aa:64c::1", "2001:db8::1", "2002:7f00:1::", "2002:a9fe:a9fe::",
     "2002:808:808::1", "fc00::1", "fd00:ec2::254", "fd20:ce::254", "fe80::1", "fe80::1%eth0",
     "fec0::1", "ff02::1", "3fff::1", "5f00::1", "4000::1", "2600:1f00::5efe:7f00:1",
     "2600:1f00::200:5efe:a00:1", "", "localhost", "127.1", "0x7f.1", "2130706433", "017700000001",
     "0177.0.0.1", "93.184.216.034", "１２７.0.0.1",  # noqa: RUF001 - refused
    ],
)  # fmt: skip
def test_addresses_that_no_callback_goes_to(address):
    assert not may_be_called(address)


@pytest.mark.parametrize(
    "address", [PUBLIC, "1.1.1.1", "100.128.0.1", "172.32.0.1", "2606:4700::1111", "::ffff:1.1.1.1", "64:ff9b::101:101"]
)
def test_addresses_of_the_public_internet(address):
    assert may_be_called(address)


@pytest.mark.parametrize("address", ["127.0.0.1", "10.0.0.1", "::1", "fd12::1", "::ffff:10.0.0.1", "100.64.0.1"])
def test_an_operator_may_admit_what_is_inside(address):
    assert may_be_called(address, inside=True)


@pytest.mark.parametrize(
    "address", ["169.254.169.254", "fd00:ec2::254", "fe80::1", "0.1.2.3", "224.0.0.1", "168.63.129.16"]
)
def test_and_never_metadata(address):
    assert not may_be_called(address, inside=True)


HOSTS = (
    "localhost", "LOCALHOST", "127.0.0.1", "127.1", "0x7f.1", "0x7f000001", "2130706433",
    "017700000001", "0177.0.0.1", "0", "[::1]", "[::ffff:127.0.0.1]", "[fe80::1%25eth0]", "[::1",
    "１２７.0.0.1", "ⓛocalhost", "169.254.169.254", "user@hooks.acme.example",  # noqa: RUF001 - refused
    "user:pass@hooks.acme.example", "hooks.acme.example@127.0.0.1",
    "hooks.acme.example\\@127.0.0.1", "hooks.acme.example#@127.0.0.1", "hooks.acme.example:0",
    "hooks.acme.example:22", "hooks.acme.example:99999", "hooks.acme.example:４４３",  # noqa: RUF001 - refused
    "hooks.acme.example:80", "", ".", "a..b", "-a.example", "a.example.", "a" * 64 + ".example",
    "hooks.acme.example%00.evil", "hooks .acme.example", "hooks.acme.example\r\nX-Injected: 1",
    "hooks\t.acme.example",
)  # fmt: skip


@pytest.mark.parametrize("host", HOSTS)
def test_hosts_that_no_callback_goes_to(host):
    def local(_host, _port):
        return ["127.0.0.1"]

    assert send(CallbackSender(resolve=local), f"https://{host}/").outcome is Sending.REFUSED


@pytest.mark.parametrize(
    "url",
    ["http://hooks.acme.example/", "ftp://hooks.acme.example/", "file:///etc/passwd", "gopher://hooks.acme.example/",
     "//hooks.acme.example/", "hooks.acme.example", "", " https://hooks.acme.example/", "https:hooks.acme.example",
     "https:///hooks.acme.example", "https://hooks.acme.example/a b", "https://hooks.acme.example/a\r\nX-Injected: 1",
     "https://hooks.acme.example/a\nb", "https://hooks.acme.example/é", "https://hooks.acme.example/#a",
     "https://hooks.acme.example/\x00", "https://hooks.acme.example/" + "a" * 2001, "javascript:alert(1)"],
)  # fmt: skip
def test_urls_that_no_callback_goes_to(url):
    with pytest.raises(UnsafeUrlError):
        CallbackRules().check(url)


def test_a_url_is_read_as_it_will_be_called():
    assert CallbackRules().check("https://Hooks.Acme.example:443?a=%0d%0a").netloc == "hooks.acme.example"
    assert read_target("https://[2606:4700:0::1111]:8443/x").netloc == "[2606:4700::1111]:8443"
    assert read_target("http://a.example:8080").origin == "http://a.example:8080"


def test_an_origin_is_vouched_for_as_a_whole():
    rules = CallbackRules(inside=frozenset({"HTTP://Hooks.lan:8080/"}))
    assert rules.check("http://hooks.lan:8080/any").port == 8080
    for other in ("http://hooks.lan/", "https://hooks.lan:8080/", "http://a.hooks.lan:8080/", "http://hooks.lan:8081/"):
        with pytest.raises(UnsafeUrlError):
            rules.check(other)


@given(st.text(st.characters(codec=None), max_size=60))  # type: ignore[arg-type]  # lone surrogates too
def test_whatever_stands_in_a_url_never_leads_inside(text):
    def local(_host, _port):
        return ["127.0.0.1"]

    assert send(CallbackSender(resolve=local), f"https://{text}").outcome is Sending.REFUSED
