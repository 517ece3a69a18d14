"""Gives the tests of addresses a bucket: moto, which speaks S3 over HTTP on this machine; and what they expect."""

import contextlib
import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from vidtag.batch.options import BatchOptions

EPISODES = ["S1/E1", "S1/E2", "S2/E1"]
REPORTS = BatchOptions(executor="serial", only="reports")


def lasting(results: dict[str, bytes]) -> dict[str, bytes]:
    """Pick what is to be equal to the last bit."""
    return {name: data for name, data in results.items() if name.endswith((".csv", ".npz"))}


@contextlib.contextmanager
def s3_server() -> Iterator[str]:
    """Run a server that knows no data yet; gives its address. Skips where moto or s3fs is not installed."""
    server = pytest.importorskip("moto.server", reason="needs moto: pip install 'moto[server]'")
    pytest.importorskip("s3fs", reason="needs s3fs: pip install 'vidtag[remote]'")
    running = server.ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    running.start()
    try:
        host, port = running.get_host_and_port()
        yield f"http://{host}:{port}"
    finally:
        running.stop()


def s3_environment(endpoint: str) -> dict[str, str]:
    """Give the variables by which boto and s3fs find the server, in this process and in children."""
    return {
        "AWS_ENDPOINT_URL": endpoint,
        "AWS_ACCESS_KEY_ID": "AKIDOFTHETESTS",
        "AWS_SECRET_ACCESS_KEY": "secretofthetests",
        "AWS_DEFAULT_REGION": "us-east-1",
        "AWS_EC2_METADATA_DISABLED": "true",
    }


class Bucket:
    """A bucket of its own on the server, seen by boto, which is not what vidtag sees it by."""

    def __init__(self, name: str) -> None:
        import boto3

        self.name = name
        self._client = boto3.client("s3", endpoint_url=os.environ["AWS_ENDPOINT_URL"])
        self._client.create_bucket(Bucket=name)

    def address(self, below: str) -> str:
        return f"s3://{self.name}/{below}"

    def put(self, key: str, data: bytes, **more: str) -> None:
        self._client.put_object(Bucket=self.name, Key=key, Body=data, **more)

    def put_folder(self, folder: Path, below: str) -> None:
        for path in sorted(folder.rglob("*")):
            if path.is_file():
                self.put(f"{below}/{path.relative_to(folder)}", path.read_bytes())

    def remove(self, key: str) -> None:
        self._client.delete_object(Bucket=self.name, Key=key)

    def tree(self, below: str) -> dict[str, bytes]:
        """Read all objects below a folder: what each holds, by the rest of its key."""
        listed = self._client.list_objects_v2(Bucket=self.name, Prefix=f"{below}/").get("Contents", [])
        keys = [entry["Key"] for entry in listed]
        return {key[len(below) + 1 :]: self.read(key) for key in keys}

    def read(self, key: str) -> bytes:
        return self._client.get_object(Bucket=self.name, Key=key)["Body"].read()

    def times(self, below: str) -> dict[str, object]:
        """Give when and as what every object was written last."""
        listed = self._client.list_objects_v2(Bucket=self.name, Prefix=f"{below}/").get("Contents", [])
        return {entry["Key"]: (entry["LastModified"], entry["ETag"]) for entry in listed}
