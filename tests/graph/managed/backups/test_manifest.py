"""Tests of manifests: each fault has a line, and what cannot be read here is refused and leaves nothing."""

import io
import json
import tarfile

import pytest
from tests.graph.managed.backups.archives import described, packed

from kartograph.graph.managed.backups.manifest import DUMP, MANIFEST
from kartograph.graph.managed.backups.restoring import restore
from kartograph.graph.managed.home import ShopDirectory
from kartograph.tables.errors import BadInput


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"format": 2}, "is a backup of format 2, and this release of Kartograph reads format 1"),
        ({"neo4j": "2026.10.0"}, "was written by Neo4j 2026.10.0, and this release of Kartograph carries 5.26"),
        ({"neo4j": "latest"}, 'names the Neo4j version "latest", which is none'),
        ({}, "is damaged: 4 bytes with the SHA-256 sum [0-9a-f]{64}, but the manifest says 4 bytes with 00"),
        ({"size": 9}, "is damaged: 4 bytes with .*, but the manifest says 9 bytes"),
    ],
)
def test_a_backup_that_cannot_be_read_here_is_refused_and_nothing_of_it_stays(home, tmp_path, changes, message):
    shop = ShopDirectory.of("shop")
    with pytest.raises(BadInput, match=message):
        restore(shop, packed(tmp_path / "file", described(**changes)))
    assert not list(shop.generations.iterdir())


@pytest.mark.parametrize("kind", [tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.DIRTYPE, tarfile.FIFOTYPE])
@pytest.mark.parametrize("odd", [MANIFEST, DUMP])
def test_a_member_that_is_no_file_is_refused(home, tmp_path, odd, kind):
    with tarfile.open(tmp_path / "file", "w:") as archive:
        for name, content in ((MANIFEST, json.dumps(described()).encode()), (DUMP, b"dump")):
            member = tarfile.TarInfo(name)
            if name == odd:
                member.type, member.linkname = kind, "/etc/passwd"
                archive.addfile(member)
            else:
                member.size = len(content)
                archive.addfile(member, io.BytesIO(content))
    with pytest.raises(BadInput, match=f"its member {odd} is no file but a link, a folder or a device"):
        restore(ShopDirectory.of("shop"), tmp_path / "file")


@pytest.mark.parametrize(
    ("manifest", "message"),
    [
        (described(size="4"), r"size: .*not '4'$"),
        (described(size=-1), r"size: .*not -1$"),
        (described(size=4.5), r"size: .*not 4.5$"),
        (described(size=True), r"size: .*not True$"),
        (described(shop=None, sha256=["00"]), r"shop: .*not None\n    sha256: .*not \['00'\]$"),
        (described(neo4j="5" * 1000), "neo4j: .*at most 200 characters"),
        (described(neo4j="9" * 200), "was written by Neo4j 9+, and this release"),
        ({"format": 1}, "shop: "),
        ("[]", "the whole: "),
        ("null", "the whole: "),
        ("5", "the whole: "),
        ("[" * 90_000, "is no backup of Kartograph"),
        ('{"format": 1e999}', "is a backup of format inf"),
        ('{"format": ' + "9" * 5000 + "}", "is no backup of Kartograph"),
        ("\ud800".encode("utf-16", "surrogatepass").decode("latin-1"), "is no backup of Kartograph"),
        ('{"format": 1}' + " " * 200_000, "its manifest.json has 200,013 bytes"),
    ],
)
def test_a_manifest_with_other_content_is_refused_with_a_line_for_each_value(home, tmp_path, manifest, message):
    with pytest.raises(BadInput, match=f"(?s){message}"):
        restore(ShopDirectory.of("shop"), packed(tmp_path / "file", manifest))
