"""The errors a person can meet, all of them below one class.

    KartographError
      BadInput          a file, a row or an option is not what it has to be
        OptionNeeded    an option has to say how a file is to be read
        NothingThere    the graph holds nothing that the work could be done on
        StillChanging   the graph changes again and again while it is read
        ModelFileError  a saved model is damaged, foreign or of a later release, or a model cannot be saved
      ServerError       the managed Neo4j cannot be installed, started, stopped or reached
        GaveUp          it was asked again for a stated time, and went away or stayed busy
      QueryNotFound     no such file under queries/
      FeatureMissing    the server lacks something a feature needs (the Graph Data Science library, say)
        ExtraMissing    an extra of the package that a feature needs is not installed
      TooLarge          the work needs more memory than the server has
      Leak              training data or a model holds something of the test part

A message is a sentence that names the value received, what is allowed and the next step. Each class says in its
docstring what it means, when it is raised and the remedy; `docs/errors.md` is made of that by `python -m
kartograph.reference.errors`.
"""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pydantic import ValidationError


class KartographError(Exception):
    """Base of all errors that Kartograph raises on purpose; the command line shows them without a traceback.

    Raised: never itself; `except kartograph.errors.KartographError` catches every class below.

    Remedy: the one that the message names. Any other exception is a fault of Kartograph: please report it.
    """


def refusal_of(fault: Mapping[str, Any]) -> str:
    """The message of one of `ValidationError.errors()`, without pydantic's words before ours."""
    return str(fault["msg"]).removeprefix("Value error, ")


def in_lines(error: "ValidationError") -> str:
    """Return what pydantic has found, a line for each value that is not what it has to be, ten at most."""
    faults = error.errors(include_url=False, include_context=False)
    lines = [
        f"    {'.'.join(map(str, one['loc'])) or 'the whole'}: {refusal_of(one)}, not {one['input']!r:.60}"
        for one in faults
    ]
    return "\n".join([*lines[:10], *([f"    … and {len(lines) - 10:,} more"] if len(lines) > 10 else [])])


class BadInput(KartographError):
    """A file, a row or an option is not what it has to be.

    Raised: when options are read, a source is opened, or a model, a protocol, a loader or a step has an unknown name. A
    load that raises it has written nothing.

    Remedy: correct the value at the place (file, line, column, option) that the message names. `--dry-run` tries a load
    without writing; rejected rows are in the rejects file with their reasons.
    """


class OptionNeeded(BadInput):
    """A file does not say how it is to be read: an option of its loader has to.

    Raised: when no column has a usual name, a file has no header or another encoding, or too many rows are bad; by
    `kartograph load`, and by `kartograph evaluate` and `tune`, which read files without these options.

    Remedy: give `kartograph load` the option that the message names. `evaluate` and `tune` take the shop's events where
    they are given no file.
    """


class NothingThere(BadInput):
    """The graph lacks the data that the work needs.

    Raised: when a model, an enrichment step or a command needs events, categories, embeddings, a trained version or a
    user that the shop does not have.

    Remedy: bring it first: `kartograph load`, `kartograph enrich` or `kartograph train`, as the message says. Check
    with `kartograph status` that `--shop` names the right shop.
    """


class StillChanging(BadInput):
    """The graph changes again and again while it is read.

    Raised: when models are trained or a shop is served while something is being loaded or computed.

    Remedy: wait until it is done (`kartograph status`), then try again.
    """


class ModelFileError(BadInput):
    """A saved model is damaged, foreign or of a later release, or a model holds what cannot be saved.

    Raised: when a folder or a version is opened whose files differ from their recorded sums, hold no model of
    Kartograph or were written by a later release; and when a model is saved before it is fitted.

    Remedy: train the model again, or go back to a whole version: `kartograph versions NAME --check` names them,
    `kartograph rollback NAME` takes the former one. Nothing of a refused file is executed.
    """


class ServerError(KartographError):
    """The managed Neo4j cannot be installed, started, stopped or reached.

    Raised: when a download fails, a port or memory is missing, the password file is empty or wrong, the server ends
    while it starts, or a built database differs from what was loaded. Also for files of a shop that cannot be read or
    written.

    Remedy: read the reason in the message and the server's log (`kartograph logs`); free the disk, port or memory
    that it names; then `kartograph start`. With a Neo4j of your own look at `NEO4J_URI`, `NEO4J_USERNAME` and
    `NEO4J_PASSWORD`.
    """


class GaveUp(ServerError):
    """The server went away, or stayed busy with others, for as long as it was tried again.

    Raised: after 60 seconds of deadlocks, lost connections or locks that other writers hold. The message says what is
    already in the graph.

    Remedy: see with `kartograph status` that the server runs and let other writers end; then give the same command
    again. A live load goes on where it stopped, and each event counts once.
    """


class QueryNotFound(KartographError):
    """A statement was asked for that no file under `queries/` holds.

    Raised: by `kartograph query NAME` and `kartograph.queries.load(NAME)`.

    Remedy: take a name of the form `explore/funnel`; the page of statements lists all of them.
    """


class FeatureMissing(KartographError):
    """The connected server, or this machine, lacks what a feature needs, such as the Graph Data Science library.

    Raised: by enrichment on a Neo4j without the library, by calls of py2neo that Neo4j 5 refuses, and by
    `--engine spark` without Spark or Java.

    Remedy: install what the message names; the server that `kartograph start` manages has the library already.
    """


class ExtraMissing(FeatureMissing):
    """An extra of the package that a feature needs is not installed.

    Raised: by neural models without the extra `neural`, by `kartograph serve` without `serve`, by `--engine spark`
    without `spark`, by `kartograph mcp` without `mcp`, and where a BERT model is asked for without `bert`.

    Remedy: install the extra that the message names, as `pip install "kartograph[neural]"`. `kartograph doctor` lists
    the extras and what each lacks.
    """


class TooLarge(KartographError):
    """The work needs more memory than the server has.

    Raised: before a graph is projected for an algorithm whose estimate is above the free heap.

    Remedy: stop the server and start it with more, `kartograph start --heap 8g`, or leave out the step that the message
    names.
    """


class Leak(KartographError):
    """The training data holds a part of the test data.

    Raised: by `kartograph evaluate` and `kartograph.evaluate` when test events are among the training events, or a
    model reads values of the graph that were computed with them.

    Remedy: divide the data so that no event is in both parts, or let a protocol divide it; figures of a leaking run
    mean nothing.
    """
