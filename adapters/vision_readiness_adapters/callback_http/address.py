"""Which addresses a callback may go to: those of the public internet, however they are written.

``ipaddress`` alone does not say it: in Python 3.11 ``is_global`` holds for addresses of transition mechanisms that lead
to private ones, for multicast and for ``192.0.0.8``; and ``100.64.0.1`` is neither global nor private.
"""

from __future__ import annotations

from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network

_NEVER = [ip_network(one) for one in (
    "0.0.0.0/8", "169.254.0.0/16", "192.0.0.0/24", "192.0.2.0/24", "192.88.99.0/24", "198.18.0.0/15",
    "198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/4", "240.0.0.0/4",
    "100.100.100.200/32",                           # metadata of Alibaba Cloud
    "168.63.129.16/32",                             # the host of an Azure machine, in public space
    "fd00:ec2::/32", "fd20:ce::/32",                # metadata of AWS and of Google Cloud
    "fe80::/10", "fec0::/10", "ff00::/8", "2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20", "5f00::/16",
    "64:ff9b:1::/48", "100::/64",                   # Teredo and 6to4, which lead anywhere, are among them: RFC 7526
)]  # fmt: skip
_INSIDE = [ip_network(one) for one in (
    "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "fc00::/7", "::1/128",
)]  # fmt: skip
_GLOBAL_UNICAST = ip_network("2000::/3")  # RFC 4291, 2.5.4: all that is assigned
_NAT64 = ip_network("64:ff9b::/96")  # RFC 6052


def may_be_called(written: str, *, inside: bool = False) -> bool:
    """Whether a callback may go to the address; ``inside`` admits private ones and this machine's own too.

    Link-local, multicast, reserved and metadata addresses are never admitted. Nor is text that is not an address.

    >>> may_be_called("93.184.216.34"), may_be_called("10.0.0.1"), may_be_called("64:ff9b::a9fe:a9fe")
    (True, False, False)
    """
    try:
        address = _embedded(ip_address(written))
    except ValueError:
        return False
    if any(address in network for network in _NEVER):
        return False
    if any(address in network for network in _INSIDE):
        return inside
    return address.is_global and (isinstance(address, IPv4Address) or address in _GLOBAL_UNICAST)


def _embedded(address: IPv4Address | IPv6Address) -> IPv4Address | IPv6Address:
    """The address that packets to ``address`` end at, where it only wraps another."""
    if isinstance(address, IPv4Address):
        return address
    if address.ipv4_mapped is not None:
        return address.ipv4_mapped
    if address in _NAT64 or (int(address) >> 32) & 0xFDFFFFFF == 0x5EFE:  # the latter ISATAP: RFC 5214
        return IPv4Address(int(address) & 0xFFFFFFFF)
    return address
