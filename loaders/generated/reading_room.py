"""A reading room that nobody runs: an OWL ontology of books and authors, and the visits of readers with plain tastes.

    python -m kartograph.loaders.generated.reading_room FOLDER --seed 7

writes `reading-room.ttl`, an ontology without annotations as any library might publish it, and `borrowings.csv`
(`reader,book,event,time,title`). The same seed gives the same bytes.

A reader likes one kind of book, two authors and an age of writing; a visit is about one book that the reader likes, and
what else is taken along is of its author or its kind more often than not.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import numpy as np
import pandas as pd
import typer
from numpy.random import Generator
from numpy.typing import NDArray
from rdflib import OWL, RDF, RDFS, XSD, Graph, Literal, Namespace, URIRef

from kartograph.loaders.generated.reading_room_names import BORN, FIRST, LAST, TITLES, WORDS
from kartograph.tables.errors import BadInput

ROOM = Namespace("urn:kartograph:reading-room#")
ONTOLOGY, BORROWINGS = "reading-room.ttl", "borrowings.csv"
AUTHORS, BOOKS, READERS, VISITS = 120, 360, 400, 3_600
MOST = 3
"""Books of one visit."""
FIRST_DAY, DAYS = 1_672_646_400_000, 730
"""2023-01-02 08:00 UTC, and the days that the visits spread over."""
BINDINGS = ("cloth", "paper", "leather")
DAY, QUARTER = 86_400_000, 900_000
KIND, AUTHOR, AGE, ALONG = 2.0, 2.5, 25.0, 2.2
"""How much a liked kind and a liked author add to the logarithm of a book's chance, years of difference that take 1
from it, and what sharing the kind or the author with the visit's first book adds."""


@dataclass(frozen=True)
class Room:
    """The tables of a reading room."""

    authors: pd.DataFrame
    """`author, name, kind, born`, the row number being the author's."""
    books: pd.DataFrame
    """`book, title, kind, author, year, binding`: `author` is a row of `authors`; nobody cares for the binding."""
    borrowings: pd.DataFrame
    """`reader, book, event, time, title`, by time."""


def draw(seed: int = 7) -> Room:
    """Draw a reading room."""
    rng = np.random.default_rng(seed)
    authors = _authors(rng)
    books = _books(authors, rng)
    return Room(authors, books, _borrowings(books, rng))


def generate(folder: Path, seed: int = 7) -> Room:
    """Write a reading room into `folder` and return its tables; files of the same names are replaced.

    Raises:
        BadInput: the folder cannot be written.
    """
    room = draw(seed)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        rdf_of(room).serialize(folder / ONTOLOGY, "turtle", encoding="utf-8")
        room.borrowings.to_csv(folder / BORROWINGS, index=False, lineterminator="\n")
    except OSError as error:
        raise BadInput(f"The reading room cannot be written into {folder}: {error}. Name another folder.") from error
    return room


def rdf_of(room: Room) -> Graph:
    """Books and authors as individuals of two OWL classes, and nothing on how their properties are compared."""
    rdf = Graph()
    rdf.bind("", ROOM)
    rdf.add((URIRef("urn:kartograph:reading-room"), RDF.type, OWL.Ontology))
    for name, label in (("Book", "book"), ("Author", "author")):
        rdf.add((ROOM[name], RDF.type, OWL.Class))
        rdf.add((ROOM[name], RDFS.label, Literal(label)))
    for name, label, owner, target in (
        ("writtenBy", "author", "Book", ROOM.Author),
        ("kind", "kind", "Book", XSD.string),
        ("published", "year of publication", "Book", XSD.integer),
        ("binding", "binding", "Book", XSD.string),
        ("born", "year of birth", "Author", XSD.integer),
    ):
        rdf.add((ROOM[name], RDF.type, OWL.ObjectProperty if target == ROOM.Author else OWL.DatatypeProperty))
        rdf.add((ROOM[name], RDFS.label, Literal(label)))
        rdf.add((ROOM[name], RDFS.domain, ROOM[owner]))
        rdf.add((ROOM[name], RDFS.range, target))
    for row in room.authors.to_dict("records"):
        node = ROOM[row["author"]]
        rdf.add((node, RDF.type, ROOM.Author))
        rdf.add((node, RDFS.label, Literal(row["name"])))
        rdf.add((node, ROOM.born, Literal(row["born"])))
    writers = room.authors["author"].tolist()
    for row in room.books.to_dict("records"):
        node = ROOM[row["book"]]
        rdf.add((node, RDF.type, ROOM.Book))
        rdf.add((node, RDFS.label, Literal(row["title"])))
        rdf.add((node, ROOM.kind, Literal(row["kind"])))
        rdf.add((node, ROOM.published, Literal(row["year"])))
        rdf.add((node, ROOM.binding, Literal(row["binding"])))
        rdf.add((node, ROOM.writtenBy, ROOM[writers[row["author"]]]))
    return rdf


def _authors(rng: Generator) -> pd.DataFrame:
    """Authors with names of their own; each writes books of one kind."""
    names = pd.MultiIndex.from_product([FIRST, LAST]).map(" ".join).to_numpy()
    frame = pd.DataFrame({"name": rng.permutation(names)[:AUTHORS]})
    frame["kind"] = np.resize(list(TITLES), len(frame))
    return frame.assign(author=_slugs(frame["name"]), born=rng.integers(*BORN, len(frame)))


def _books(authors: pd.DataFrame, rng: Generator) -> pd.DataFrame:
    """Books with titles that their kind can be told by, published when their author was 25 to 60."""
    titles = pd.concat([_titles(kind, forms) for kind, forms in TITLES.items()], ignore_index=True)
    titles = titles.iloc[rng.permutation(len(titles))]
    of_kind = titles.groupby("kind").head(BOOKS // len(TITLES)).reset_index(drop=True)
    writers = {kind: rows.to_numpy() for kind, rows in authors.groupby("kind").groups.items()}
    author = np.concatenate([rng.choice(writers[kind], len(rows)) for kind, rows in of_kind.groupby("kind")])
    books = of_kind.sort_values("kind", kind="stable", ignore_index=True).assign(author=author)
    books["year"] = authors["born"].to_numpy()[author] + rng.integers(25, 60, len(books))
    return books.assign(book=_slugs(books["title"]), binding=rng.choice(BINDINGS, len(books)))


def _titles(kind: str, forms: tuple[str, ...]) -> pd.DataFrame:
    """All titles of a kind that its forms and the words give."""
    frames = []
    for form in forms:
        used = [name for name in WORDS if "{" + name + "}" in form]
        words = pd.MultiIndex.from_product([WORDS[name] for name in used])
        frames += [form.format(**dict(zip(used, row, strict=True))) for row in words]
    titles = pd.Series(frames, dtype=object).drop_duplicates()
    return pd.DataFrame({"kind": kind, "title": titles.str[:1].str.upper() + titles.str[1:]})


def _borrowings(books: pd.DataFrame, rng: Generator) -> pd.DataFrame:
    _, kind = np.unique(books["kind"], return_inverse=True)
    author, year = books["author"].to_numpy(), books["year"].to_numpy()
    demand = rng.normal(0.0, 0.8, len(books))
    first = rng.integers(0, len(books), READERS)  # the book that a reader's taste is drawn around
    other = np.array([rng.choice(author[kind == of]) for of in kind[first]])
    near = -np.abs(year[None, :] - year[first][:, None]) / AGE
    liked = (author[None, :] == author[first][:, None]) | (author[None, :] == other[:, None])
    taste = demand + near + KIND * (kind[None, :] == kind[first][:, None]) + AUTHOR * liked

    reader = np.sort(rng.choice(READERS, VISITS, p=_shares(READERS, rng)))
    lead = _drawn(taste[reader], rng, 1)[:, 0]
    along = ALONG * ((author[None, :] == author[lead][:, None]) * 1.0 + (kind[None, :] == kind[lead][:, None]))
    along[np.arange(VISITS), lead] = np.inf
    taken = _drawn(taste[reader] + along, rng, MOST)
    count = 1 + rng.binomial(MOST - 1, 0.5, VISITS)
    kept = np.arange(MOST)[None, :] < count[:, None]
    day, quarter = rng.integers(0, DAYS, VISITS), rng.integers(0, 40, VISITS)
    start = FIRST_DAY + day * DAY + quarter * QUARTER
    visit, position = np.nonzero(kept)
    book = taken[visit, position]
    frame = pd.DataFrame(
        {
            "reader": _names(READERS, rng)[reader[visit]],
            "book": books["book"].to_numpy()[book],
            "event": "borrow",
            "time": pd.to_datetime(start[visit] + position * 60_000, unit="ms").strftime("%Y-%m-%dT%H:%M:%SZ"),
            "title": books["title"].to_numpy()[book],
        }
    )
    frame = frame.sort_values(["time", "reader", "book"], ignore_index=True)
    return frame.drop_duplicates(["reader", "book"], ignore_index=True)


def _drawn(scores: NDArray[np.float64], rng: Generator, count: int) -> NDArray[np.int64]:
    """For each row `count` different columns, drawn with chances that grow with exp(score); best first."""
    gumbel = scores + rng.gumbel(size=scores.shape)
    return np.argsort(-gumbel, axis=1, kind="stable")[:, :count]


def _shares(count: int, rng: Generator) -> NDArray[np.float64]:
    """How the visits spread over readers: a few come often."""
    weight = rng.lognormal(0.0, 0.7, count)
    return weight / weight.sum()


def _names(count: int, rng: Generator) -> NDArray[np.object_]:
    """Names of readers: a first name and a letter or two, as on a card of the room."""
    letters = [f"{a}{b}".lower() for a in "ABCDEFGHIJKLMNOPRSTVW" for b in ("", *"aeio")]
    every = pd.MultiIndex.from_product([[name.lower() for name in FIRST], letters]).map("-".join).to_numpy(object)
    return rng.permutation(every)[:count]


def _slugs(texts: pd.Series) -> pd.Series:
    """Texts as ids: small letters, hyphens between words."""
    return texts.str.lower().str.replace("[^a-z0-9]+", "-", regex=True).str.strip("-")


def main(
    folder: Annotated[Path, typer.Argument(help="Where the two files go.")],
    seed: Annotated[int, typer.Option(help="The same seed gives the same bytes.")] = 7,
) -> None:
    """Generate a reading room. Example: python -m kartograph.loaders.generated.reading_room my-room"""
    room = generate(folder, seed)
    typer.echo(
        f"{folder}: {len(room.borrowings):,} borrowings of {room.borrowings['reader'].nunique():,} readers, "
        f"{len(room.books):,} books of {len(room.authors):,} authors"
    )


if __name__ == "__main__":
    typer.run(main)
