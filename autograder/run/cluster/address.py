"""Where a cluster's scheduler is, and whether a class may be sent there: Dask trusts whoever connects."""

import re
from dataclasses import dataclass
from ipaddress import ip_address
from pathlib import Path
from typing import TYPE_CHECKING

from autograder.errors import NotInstalled, WrongCall

if TYPE_CHECKING:
    from distributed import Security

TCP, TLS = "tcp", "tls"
CERTIFICATES = (
    "name the certificates in Dask's configuration (distributed.comm.tls.ca-file, distributed.comm.tls.client.cert and "
    ".key), or as DASK_DISTRIBUTED__COMM__TLS__CA_FILE, …__TLS__CLIENT__CERT and …__TLS__CLIENT__KEY"
)


@dataclass(frozen=True)
class Address:
    """A scheduler's address. scheme: tcp or tls."""

    scheme: str
    host: str
    port: int

    def __str__(self) -> str:
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{self.scheme}://{host}:{self.port}"

    @property
    def is_loopback(self) -> bool:
        """Whether it is on this machine. A name is not looked up: it may be another machine's next time."""
        try:
            return ip_address(self.host).is_loopback
        except ValueError:
            return self.host == "localhost"


def read_address(text: str, insecure: bool = False) -> Address:
    """What --scheduler says; tls:// if it names no scheme.

    Args:
        text: such as tls://host:8786.
        insecure: whether plain tcp:// may leave this machine.

    Raises:
        WrongCall: in one line.
    """
    parts = re.fullmatch(r"(?:([a-z+]+)://)?(\[[0-9a-fA-F:.]+\]|[\w.-]+):([0-9]{1,5})/?", text)
    if parts is None or not 0 < int(parts[3]) < 65536:
        raise WrongCall(f"--scheduler {text}: is no address; it is such as tls://host:8786")
    address = Address(parts[1] or TLS, parts[2].strip("[]"), int(parts[3]))
    if address.scheme not in (TCP, TLS):
        raise WrongCall(f"--scheduler {text}: is neither tls:// nor tcp://")
    if address.scheme == TCP and not address.is_loopback and not insecure:
        raise WrongCall(
            f"--scheduler {text}: tcp:// is not encrypted, and whoever connects can run code there; use tls://, or "
            "--insecure in a network that you trust"
        )
    return address


def security_for(address: Address) -> "Security":
    """The certificates for an address, as Dask's own configuration names them.

    Raises:
        NotInstalled: without Dask.
        WrongCall: if tls:// has no certificates.
    """
    try:
        from distributed import Security
    except ImportError:
        raise NotInstalled(
            "--scheduler: needs Dask; install it beside autograder: pip install 'notebook-course-autograder[cluster]'"
        ) from None
    if address.scheme == TCP:
        return Security(require_encryption=False)
    security = Security(require_encryption=True)
    named = {
        "ca-file": security.tls_ca_file,  # type: ignore[attr-defined]  # its slots are not declared
        "client.cert": security.tls_client_cert,  # type: ignore[attr-defined]
        "client.key": security.tls_client_key,  # type: ignore[attr-defined]
    }
    for name, path in named.items():
        if not path:
            raise WrongCall(f"--scheduler {address}: no certificate is named; {CERTIFICATES}")
        if "\n" not in path and not Path(path).is_file():  # the text of one may stand in its place
            raise WrongCall(f"--scheduler {address}: distributed.comm.tls.{name} is {path}, and there is no such file")
    return security
