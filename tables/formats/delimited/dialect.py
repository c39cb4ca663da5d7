"""How a text table is written, seen from its beginning: encoding, comment lines, header, delimiter and line end."""

import codecs
import csv
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from kartograph.tables.errors import BadInput, OptionNeeded
from kartograph.tables.formats.delimited.escapes import Escapes, escapes_of, without_escapes
from kartograph.tables.formats.encoding_marks import encoding_of_mark

SAMPLE_BYTES = 1_000_000
"""What is looked at of a file; its header has to end within."""
DELIMITERS = ("::", "||", ",", ";", "\t", "|", "\x01", " ")
"""The delimiters that are tried, the first of equally good ones wins; a space only where lines hold nothing else."""
_SEPARATOR = re.compile(r"^\ufeff?\"?sep=(.)\"?\s*$", re.IGNORECASE)
_WHOLE_LINE = re.compile(rb'^"((?:[^"\n]|"")*)"(?=\r?$)', re.MULTILINE)
"""A line that stands in quotes as a whole, as a spreadsheet writes one that it took for a single value."""
_AROUND = "~^|*!&@%"
"""What stands beside a delimiter of several characters: `~|~`, `|^`."""
_LINES = 50
_BLANK = ' \t\r,;|"'
"""What a line may hold that has no value."""
_TITLES = 10
"""Lines that may stand above a header."""
_DATA = re.compile(r"^\s*([+-]?[0-9][0-9.,:eE+\-/ T]*|[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f-]+)\s*$")


@dataclass(frozen=True)
class Dialect:
    """What a person says of text tables; what is not said is seen in the file."""

    delimiter: str | None = None
    """What stands between two values, one character or several."""
    columns: tuple[str, ...] = ()
    """Names of the columns of a file without a header, in order; an empty name or `-` is a column that nobody needs."""
    headerless: tuple[str, ...] = ()
    """Names of the columns that hold where the first line looks like a row."""
    encoding: str | None = None
    """How letters are written, as Python names it: `latin-1`, `cp1252`. By default UTF-8, or UTF-16 with a mark."""


@dataclass(frozen=True)
class Layout:
    """How one file is written; files of one layout are read together."""

    format: str
    """`csv` or `parquet`."""
    columns: tuple[str, ...]
    """Column names in the order of the file; names that are missing or repeated are made distinct."""
    delimiter: str = ","
    newline: str = "\n"
    """The line end of the header, which all lines of a good file share."""
    types: tuple[str, ...] = ()
    """The types of a Parquet file's columns, as DuckDB names them."""
    numbered: bool = False
    """Whether a column more says from which line of the original each row comes."""


@dataclass(frozen=True)
class Beginning:
    """What the beginning of a text table says."""

    columns: tuple[str, ...]
    delimiter: str
    newline: str
    skipped_lines: int
    """Lines before the header, or before the first row where there is none."""
    skipped_bytes: int
    has_header: bool
    comments: bool
    """Whether there were comment lines (`# …`): there may be more of them between the rows."""
    looks_like_data: str | None
    """The first line where it looks like a row rather than a header, else None."""
    titles: tuple[str, ...] = ()
    """Lines above the header that hold one value alone."""
    quote: str = '"'
    """What stands around values."""
    mixed: bool = False
    """Whether some lines end in `\\r\\n` and others in `\\n`, as where a program put lines above another's."""
    escapes: Escapes = Escapes.NONE
    """What a backslash is."""
    wrapped: bool = False
    """Whether every line as a whole stands in quotes."""

    @property
    def is_plain(self) -> bool:
        """Whether the file reads as it is."""
        whole = self.has_header and not self.skipped_lines and not self.comments and self.quote == '"'
        common = len(self.delimiter) == 1 and self.newline != "\r" and self.escapes is Escapes.NONE and not self.wrapped
        return whole and common and not self.mixed


def encoding_of(start: bytes, dialect: Dialect) -> str:
    """The encoding of the mark at the beginning, else the one that a person said, else UTF-8."""
    return (encoding_of_mark(start) or dialect.encoding or "utf-8").removesuffix("-sig")


def beginning_of(shown: Path, start: bytes, dialect: Dialect) -> Beginning:
    """See what the first bytes of a UTF-8 text table say.

    Raises `BadInput` where they are empty, no text, not UTF-8, or hold no whole line.
    """
    body = start.removeprefix(codecs.BOM_UTF8)
    mark = len(start) - len(body)
    mixed = _is_mixed(body)
    newline = "\n" if mixed else _newline(body)
    end = newline.encode()
    lines, skipped, skipped_bytes, comments, said = body.split(end), 0, mark, False, dialect.delimiter
    while skipped < len(lines) - 1 or (skipped < len(lines) and len(start) < SAMPLE_BYTES):
        line = lines[skipped]
        text = _text(shown, line, skipped + 1)
        separator = _SEPARATOR.match(text)
        if separator:
            said = said or separator.group(1)
        elif text.startswith("#"):
            if _is_commented_header(shown, lines, skipped, dialect):
                skipped_bytes += 1
                lines[skipped] = line[1:].lstrip()
                skipped_bytes += len(line) - 1 - len(lines[skipped])
                break
            comments = True
        elif text.strip(_BLANK):
            break
        skipped += 1
        skipped_bytes += len(line) + len(end)
    rest = lines[skipped:]
    if not any(line.strip() for line in rest):
        raise BadInput(f"{shown} is empty: it has no header in its first line, which has to name the columns.")
    if len(rest) == 1 and len(start) >= SAMPLE_BYTES:
        raise BadInput(
            f"The header of {shown} (line {skipped + 1}) is longer than {SAMPLE_BYTES // 1_000_000} MB. "
            "The first line has to name the columns; check that its line ends are there."
        )
    rest, wide = _with_whole_header(rest)
    texts = [_text(shown, rest[0], skipped + 1)]
    texts += [_decoded(line) for line in rest[1:_LINES] if line.strip() and line is not rest[-1]]
    if comments:
        texts = [text for text in texts if not text.startswith("#")]
    titles = () if dialect.columns or dialect.headerless else _titles(texts, said)
    texts = texts[len(titles) :]
    while titles and _decoded(lines[skipped]) != texts[0]:
        skipped, skipped_bytes = skipped + 1, skipped_bytes + len(lines[skipped]) + len(end)
    quote = _quote(texts)
    texts = [text.replace('"', '""').replace(quote, '"') if quote != '"' else text for text in texts]
    wrapped = len(texts) > 1 and all(map(_is_wrapped, texts))
    texts = [unwrapped(text.encode()).decode() for text in texts] if wrapped else texts
    delimiter = said or _widened(_delimiter(texts), texts)
    escapes = escapes_of(end.join(rest[len(titles) :]), delimiter) if quote == '"' else Escapes.NONE
    if escapes is not Escapes.NONE:
        texts = [without_escapes(text.encode(), escapes, delimiter.encode()).decode() for text in texts]
    first = _values(texts[0], delimiter)
    is_data = not dialect.columns and _is_data(first, texts[1:], delimiter)
    names = dialect.columns or (dialect.headerless if is_data else ())
    fitted = first if names or is_data else _fitted(first, texts[1:], delimiter)
    columns, has_header = _columns(shown, fitted, skipped + 1, names)
    if fitted != first or wide > 1:  # the copy has a header that fits the rows in place of the file's
        for line in lines[skipped : skipped + wide]:
            skipped, skipped_bytes = skipped + 1, skipped_bytes + len(line) + len(end)
        has_header = False
    return Beginning(
        columns, delimiter, newline, skipped, skipped_bytes, has_header, comments,
        texts[0][:200] if has_header and is_data else None, titles, quote if len(delimiter) == 1 else '"', mixed,
        escapes, wrapped,
    )  # fmt: skip


def _with_whole_header(lines: list[bytes]) -> tuple[list[bytes], int]:
    """The lines with a header that has line ends inside quotes as one line, and how many lines it takes."""
    if lines[0].count(b'"') % 2 == 0:
        return lines, 1
    for wide in range(2, min(_LINES, len(lines))):
        header = b" ".join(line.strip() for line in lines[:wide])
        if header.count(b'"') % 2 == 0:
            return [header, *lines[wide:]], wide
    return lines, 1


def _quote(texts: Sequence[str]) -> str:
    """What stands around values: single quotes where all lines begin and end with one, else double ones."""
    bare = [text.strip() for text in texts]
    single = len(bare) > 1 and all(len(text) > 1 and text[0] == text[-1] == "'" for text in bare)
    return "'" if single else '"'


def _fitted(names: list[str], lines: Sequence[str], delimiter: str) -> list[str]:
    """The names of a header with one more or one fewer where every row has that many values.

    R writes names of rows before the first column and no name for them; other programs end rows, or the header alone,
    with a delimiter.
    """
    rows = [_values(line, delimiter) for line in lines]
    lengths = {len(row) for row in rows}
    if lengths == {len(names) + 1} and all(names):
        if not any(row[-1].strip() for row in rows):
            return [*names, ""]
        return ["", *names] if _have_names(rows, lines, delimiter) else names
    if lengths == {len(names) - 1} and len(names) > 2 and not names[-1].strip():
        return names[:-1]
    return names


def _have_names(rows: Sequence[Sequence[str]], lines: Sequence[str], delimiter: str) -> bool:
    """Whether the first values are names of rows as R writes them: in quotes, or 1, 2, 3 …

    Where the last two may be one number with a decimal comma it is not certain.
    """
    if delimiter == "," and all(re.fullmatch(r"\d+,\d{1,2}", ",".join(row[-2:])) for row in rows):
        return False
    firsts = [row[0] for row in rows]
    counted = firsts == [str(number) for number in range(1, len(rows) + 1)]
    return counted or (all(line.startswith('"') for line in lines) and len(set(firsts)) == len(firsts))


def _titles(texts: Sequence[str], said: str | None) -> tuple[str, ...]:
    """The first lines where they hold one value alone and those below them a table of more: a header, no rows.

    None where a quoted value goes over several lines: then lines are no rows.
    """
    if len(texts) < 3 or any(text.count('"') % 2 for text in texts):
        return ()
    delimiter = said or _delimiter(texts[::-1])
    filled = [sum(bool(value.strip()) for value in _values(text, delimiter)) for text in texts]
    above = next((place for place, count in enumerate(filled[:_TITLES]) if count > 1), 0)
    usual = sorted(filled[above:])[(len(texts) - above) // 2]
    header = _values(texts[above], delimiter)
    if not above or filled[above] < usual - 1 or _is_data(header, texts[above + 1 :], delimiter):
        return ()
    return tuple(text.strip(_BLANK)[:80] for text in texts[:above])


def distinct_names(names: Sequence[str]) -> tuple[str, ...]:
    """Give every column a name of its own: `a, a, ` becomes `a, a_2, column_3`."""
    taken: list[str] = []
    lower: set[str] = set()
    for place, raw in enumerate(names, start=1):
        name = raw.strip() or f"column_{place}"
        while name.lower() in lower:
            name = f"{name}_{place}"
        taken.append(name)
        lower.add(name.lower())
    return tuple(taken)


def _text(shown: Path, line: bytes, number: int) -> str:
    try:
        text = line.removesuffix(b"\r").decode("utf-8")
    except UnicodeDecodeError as error:
        raise OptionNeeded(
            f"The header of {shown} is not UTF-8: byte 0x{line[error.start]:02x} at line {number}, byte "
            f"{error.start + 1}. Say how it is written with --encoding (latin-1, cp1252, utf-16 …)."
        ) from error
    if "\x00" in text:
        raise OptionNeeded(
            f"The header of {shown} holds NUL bytes (line {number}, character {text.index(chr(0)) + 1}): it is no "
            "UTF-8 text. Say how it is written with --encoding, or convert it."
        )
    return text


def _decoded(line: bytes) -> str:
    return line.removesuffix(b"\r").decode("utf-8", "replace")


def _is_mixed(body: bytes) -> bool:
    """Whether lines end in both ways; what stands in quotes may hold either."""
    if b"\r\n" not in body:
        return False
    bare = re.sub(rb'"[^"]*"', b"", body)
    return b"\r\n" in bare and re.search(rb"(?<!\r)\n", bare) is not None


def _newline(body: bytes) -> str:
    """The end of the first line; a carriage return counts where it ends a line that has no quotes open."""
    at = body.find(b"\n")
    first = body if at < 0 else body[:at].removesuffix(b"\r")
    cut = first.find(b"\r")
    if cut >= 0 and first[:cut].count(b'"') % 2 == 0:
        return "\r"
    return "\r\n" if at > 0 and body[at - 1] == 13 else "\n"


def _is_commented_header(shown: Path, lines: Sequence[bytes], at: int, dialect: Dialect) -> bool:
    """Whether a line `# user,item` names the columns of the lines below it."""
    if dialect.columns or at + 1 >= len(lines) or not lines[at + 1].strip() or lines[at + 1].startswith(b"#"):
        return False
    text, below = _text(shown, lines[at], at + 1)[1:], lines[at + 1].decode("utf-8", "replace")
    delimiter = dialect.delimiter or _delimiter([below])
    names, values = _values(text, delimiter), _values(below, delimiter)
    return len(names) == len(values) > 1 and any(map(_DATA.match, values)) and not any(map(_DATA.match, names))


def _columns(shown: Path, first: Sequence[str], line: int, names: Sequence[str]) -> tuple[tuple[str, ...], bool]:
    """The names of the columns, and whether the first line holds them."""
    if not names:
        return distinct_names(first), True
    named = ["" if name == "-" else name for name in names]
    if len(named) != len(first):
        raise BadInput(
            f"{shown} has {len(first)} values in line {line}, --columns names {len(named)}: "
            f"{', '.join(names)}. Name every column in order, - for one that is not needed."
        )
    same = [name.strip().lower() for name in first] == [name.strip().lower() for name in names]
    return distinct_names(named), same


def _values(line: str, delimiter: str) -> list[str]:
    if len(delimiter) > 1:
        return line.split(delimiter)
    try:
        return next(csv.reader([line.replace("\r", " ")], delimiter=delimiter, skipinitialspace=delimiter != " "), [])
    except csv.Error:  # a value of more than 128 kB
        return line.split(delimiter)


def _delimiter(lines: Sequence[str]) -> str:
    """The delimiter that stands in the first line, as often in the others as there, and most often."""
    bare = [re.sub(r'"[^"]*"', "", line) for line in lines]
    best, best_score = ",", (False, 0.0, 0)
    for delimiter in DELIMITERS:
        count = bare[0].count(delimiter)
        same = sum(line.count(delimiter) == count for line in bare) / len(bare)
        if not count or (len(delimiter) > 1 and (same <= 0.5 or not _stands_alone(delimiter, bare))):
            continue
        if delimiter == " " and (best_score[1] > 0 or len(bare) < 2 or not _is_table_of_words(bare)):
            continue
        score = (len(delimiter) > 1, round(same, 1), count)
        if score > best_score:
            best, best_score = delimiter, score
    return best


def _widened(delimiter: str, lines: Sequence[str]) -> str:
    """The delimiter with what stands beside it everywhere in all lines."""
    around = [sign for sign in _AROUND if sign != delimiter] if len(delimiter) == 1 and len(lines) > 1 else []
    for wide in (form for sign in around for form in (sign + delimiter + sign, delimiter + sign, sign + delimiter)):
        if all(line.count(wide) == line.count(delimiter) > 0 for line in lines):
            return wide
    return delimiter


def _is_wrapped(line: str) -> bool:
    """Whether a line stands in quotes as a whole, with several values in it."""
    line = line.rstrip()
    inner = line[1:-1]
    whole = len(line) > 2 and line[0] == line[-1] == '"' and '"' not in inner.replace('""', "")
    return whole and any(sign in inner for sign in ",;|\t")


def unwrapped(lines: bytes) -> bytes:
    """Lines without the quotes around each of them as a whole."""
    return _WHOLE_LINE.sub(lambda line: line[1].replace(b'""', b'"'), lines)


def _is_table_of_words(lines: Sequence[str]) -> bool:
    """Whether all lines have as many blanks, or all but a header as many more as names of rows take (see `_fitted`)."""
    first, *others = (line.count(" ") for line in lines)
    return set(others) <= {first} or set(others) == {first + 1}


def _stands_alone(delimiter: str, lines: Sequence[str]) -> bool:
    """Whether lines hold one delimiter of two characters, not two of one: `a||c` may have an empty value."""
    letter = delimiter[0]
    return letter not in DELIMITERS or all(line.count(letter) == 2 * line.count(delimiter) for line in lines)


def _is_data(first: Sequence[str], others: Sequence[str], delimiter: str) -> bool:
    """Whether a first line looks like a row: it holds a number, or a value that comes again in its column."""
    if any(map(_DATA.match, first)):
        return True
    rows = [_values(line, delimiter) for line in others]
    return any(
        value.strip() and any(len(row) > place and row[place] == value for row in rows)
        for place, value in enumerate(first)
    )
