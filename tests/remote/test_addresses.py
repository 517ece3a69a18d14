"""Addresses are taken apart, and refused where they are of another kind or hold a secret, which is never repeated."""

from pathlib import Path

import pytest

from vidtag.errors import OptionError
from vidtag.remote.addresses import STORES, Address, parse_place, without_secrets

SECRET = "s3cr3t"


def test_the_parts_of_an_address():
    address = parse_place("S3://shows/S1/a b@c:d.mp4/")
    assert address == Address("s3", "shows/S1/a b@c:d.mp4")
    assert str(address) == "s3://shows/S1/a b@c:d.mp4"
    assert (address.name, str(address.folder), str(address.folder / "x")) == (
        "a b@c:d.mp4",
        "s3://shows/S1",
        "s3://shows/S1/x",
    )
    assert address.lies_in(parse_place("s3://shows/S1"))
    assert not address.lies_in(parse_place("s3://shows/S"))


@pytest.mark.parametrize("path", ["season/E1.mp4", "/s3:/x", "s3:/shows", "a://", "://x", "C://x"])
def test_all_else_is_a_path(path):
    assert parse_place(path) == Path(path)


def test_a_file_address_is_a_path():
    assert parse_place("file:///a/b.mp4") == Path("/a/b.mp4")
    with pytest.raises(OptionError, match="absolute"):
        parse_place("file://host/a")


@pytest.mark.parametrize("text", ["ftp://x/y.mp4", "concat://a", "https://x/y"])
def test_other_protocols_are_refused_with_those_there_are(text):
    with pytest.raises(OptionError, match=r"expected a path, or .* s3://, gs://"):
        parse_place(text, STORES)


@pytest.mark.parametrize("text", ["s3://", "s3:///x", "s3://a//b", "s3://a/../b", "s3://a/.", "s3://a/\0"])
def test_addresses_with_parts_that_no_path_can_have_are_refused(text):
    with pytest.raises(OptionError, match="s3://bucket/season"):
        parse_place(text)


@pytest.mark.parametrize(
    "text",
    [
        f"s3://key:{SECRET}@bucket/x",
        f"s3://key:a/{SECRET}@bucket/x",
        f"https://me:{SECRET}@host/x.mp4",
        f"https://me:{SECRET}/b@host/x.mp4",
        f"https://host/x.mp4?X-Amz-Signature={SECRET}",
        f"https://host/x.mp4#{SECRET}",
    ],
)
def test_secrets_are_refused_and_not_repeated(text):
    with pytest.raises(OptionError) as refused:
        parse_place(text)
    assert SECRET not in str(refused.value)


def test_a_port_is_no_secret():
    assert parse_place("http://localhost:8000/x.mp4") == Address("http", "localhost:8000/x.mp4")


def test_secrets_are_taken_out_of_what_libraries_say():
    said = without_secrets(f"403, url='https://me:{SECRET}@host/x?X-Amz-Credential={SECRET}&a=b&sig={SECRET}'")
    assert SECRET not in said
    assert "host/x" in said
    assert "a=b" in said
