"""JSON documents of requests, in blocks of any size."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kartograph.loaders.access_log.formats.documents import is_document, objects
from kartograph.loaders.access_log.formats.packed import Damage
from kartograph.loaders.access_log.stream import lines

ROWS = [{"a": 1, "b": {"c": 'x"}{'}}, {"a": 2, "d": [{"e": 1}]}, {"a": "\\"}]
DOCUMENTS = {
    "list": json.dumps(ROWS),
    "list over lines": json.dumps(ROWS, indent=2),
    "objects over lines": "\n".join(json.dumps(row, indent=1) for row in ROWS),
    "records": json.dumps({"records": ROWS}),
    "records, again": json.dumps({"records": ROWS[:1]}) + "\n" + json.dumps({"records": ROWS[1:]}),
    "hits": json.dumps({"took": 3, "hits": {"total": 3, "hits": ROWS}}, indent=1),
}


@pytest.mark.parametrize("text", DOCUMENTS.values(), ids=DOCUMENTS)
@given(size=st.integers(1, 60))
def test_each_object_is_one_line_whatever_the_blocks(text, size):
    content = text.encode()
    blocks = [content[at : at + size] for at in range(0, len(content), size)]
    result = list(objects(iter(blocks), 1000))
    assert [json.loads(one or b"null") for one in result] == ROWS
    assert is_document(content)


def test_an_object_that_is_too_long_is_none_and_one_that_is_cut_off_is_kept():
    content = json.dumps([{"a": "x" * 300}, {"b": 1}]).encode() + b'[{"c": '
    blocks = [content[at : at + 50] for at in range(0, len(content), 50)]
    assert list(objects(iter(blocks), 100)) == [None, b'{"b": 1}', b'{"c": ']


def test_lines_of_objects_and_other_logs_are_no_documents():
    for start in (b'{"a": 1}\n{"a": 2}\n', b'[2026-11-26T10:00:00Z] "GET', b"", b"{", b"1.1.1.1 - -", b'{"a": 1'):
        assert not is_document(start)


def test_a_file_gives_the_objects_and_counts_those_that_are_too_long(tmp_path):
    path = tmp_path / "log.json"
    path.write_text(json.dumps([{"a": "x" * 70_000}, {"b": 1}], indent=1))
    damage = Damage()
    assert [json.loads(line) for line in lines(path, damage)] == [{"b": 1}]
    assert damage.too_long == 1
