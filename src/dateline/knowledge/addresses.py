"""Which IP addresses are no publisher's, and which parts of a web address say nothing about what it shows.

Table: network/addresses.yaml.
"""

from __future__ import annotations

from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network

from dateline.knowledge.tables import read_yaml

IPAddress = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network


@dataclass(frozen=True)
class Special:
    """Addresses set aside for a purpose: `what` completes "it is an address of …"."""

    network: Network
    what: str


@dataclass(frozen=True)
class Translated:
    """IPv6 addresses that stand for the IPv4 address whose 32 bits begin at `bit`."""

    network: Network
    bit: int


@dataclass(frozen=True)
class AddressTables:
    """What is known of addresses. `tracking` are names of parameters; one that ends in * stands for all that begin so."""

    special: tuple[Special, ...]
    translated: tuple[Translated, ...]
    tracking: tuple[str, ...]

    def meant(self, address: IPAddress) -> IPAddress:
        """The IPv4 address that an IPv6 one stands for; any other: itself."""
        for kind in self.translated:
            if address in kind.network and int(address) > 1:  # :: and ::1 mean what they are
                return IPv4Address(int(address) >> (96 - kind.bit) & 0xFFFFFFFF)
        return address

    def refusal(self, address: str) -> str | None:
        """Whose address it is, if it is no publisher's ("this machine"); an ordinary one of the public internet: None.

        What the table does not name and Python's own does not call global is refused too. Raises ValueError for no address.
        """
        meant = self.meant(ip_address(address.partition("%")[0]))
        for kind in self.special:
            if meant in kind.network:
                return kind.what
        return None if meant.is_global and not meant.is_multicast else "no public network"

    def is_tracking(self, name: str) -> bool:
        """Whether a parameter of that name only tells where the reader came from."""
        plain = name.lower()
        return any(plain == known or (known.endswith("*") and plain.startswith(known[:-1])) for known in self.tracking)


def load_address_tables() -> AddressTables:
    """The packaged table."""
    table = read_yaml("network/addresses.yaml")
    return AddressTables(
        tuple(Special(ip_network(row["range"]), row["what"]) for row in table["special"]),
        tuple(Translated(ip_network(row["range"]), row["bit"]) for row in table["translated"]),
        tuple(table["tracking"]["names"]),
    )
