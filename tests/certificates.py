"""One certificate for all parts of a Dask cluster, and how its programs and a client are told of it."""

import subprocess
from pathlib import Path

KEY, CERTIFICATE = "key.pem", "cert.pem"


def make_certificate(folder: Path) -> None:
    """Make it with its key in `folder`, for two days."""
    subject = ["-subj", "/CN=localhost", "-days", "2"]
    command = [
        "openssl",
        "req",
        "-x509",
        "-newkey",
        "rsa:2048",
        "-nodes",
        *subject,
        "-keyout",
        KEY,
        "-out",
        CERTIFICATE,
    ]
    subprocess.run(command, cwd=folder, check=True, capture_output=True)


def options_of_dask(folder: Path) -> list[str]:
    """The options of Dask's commands that name it."""
    certificate = folder / CERTIFICATE
    return [f"--tls-ca-file={certificate}", f"--tls-cert={certificate}", f"--tls-key={folder / KEY}"]


def settings_of_client(folder: Path) -> dict[str, str]:
    """Dask's own configuration of a client."""
    certificate = str(folder / CERTIFICATE)
    return {
        "distributed.comm.tls.ca-file": certificate,
        "distributed.comm.tls.client.cert": certificate,
        "distributed.comm.tls.client.key": str(folder / KEY),
    }


def variables_of_client(folder: Path) -> dict[str, str]:
    """The same as environment variables."""
    return {
        f"DASK_{name.replace('.', '__').replace('-', '_').upper()}": value
        for name, value in settings_of_client(folder).items()
    }
