"""Histories as training cases of networks: pieces of bounded length, in batches of pieces of like length."""

from typing import NamedTuple

import numpy as np
from jaxtyping import Int
from numpy import ndarray

from kartograph.models.data import Histories
from kartograph.models.groups import offsets_of


def pieces_of(histories: Histories, history_length: int) -> tuple[Histories, Int[ndarray, " pieces"]]:
    """Histories of two or more events in pieces of up to `history_length` + 1, and the owner of each piece.

    Longer ones give several pieces, which overlap by an eighth so that no position starts without a past.
    """
    step = history_length - history_length // 8
    counts = np.where(histories.lengths > 1, -(-np.maximum(histories.lengths - 1, 0) // step), 0)
    owners = np.repeat(np.arange(len(histories)), counts)
    number = np.arange(len(owners)) - np.repeat(np.cumsum(counts) - counts, counts)
    starts = histories.offsets[owners] + number * step
    lengths = np.minimum(histories.offsets[owners + 1] - starts, history_length + 1)
    kept = lengths > 1
    owners, starts, lengths = owners[kept], starts[kept], lengths[kept]
    piece = np.repeat(np.arange(len(owners)), lengths)
    offsets = offsets_of(piece, len(owners))
    source = np.arange(len(piece)) - offsets[piece] + starts[piece]
    return Histories(offsets, histories.items[source], histories.events[source]), owners


class Padded(NamedTuple):
    """Histories as a rectangle, filled up behind."""

    items: Int[ndarray, "n longest"]
    events: Int[ndarray, "n longest"]
    lengths: Int[ndarray, " n"]


def padded(histories: Histories, padding: int, history_length: int) -> Padded:
    """The last `history_length` events of each history; `padding` fills empty places of items, 0 those of events."""
    lengths = np.minimum(histories.lengths, history_length)
    column = np.arange(lengths.max(initial=0))
    filled = column < lengths[:, None]
    source = ((histories.offsets[1:] - lengths)[:, None] + column)[filled]
    items, events = np.full(filled.shape, padding), np.zeros(filled.shape, dtype=np.int64)
    items[filled], events[filled] = histories.items[source], histories.events[source]
    return Padded(items, events, lengths)


def batches(lengths: Int[ndarray, " n"], clicks: int, random: np.random.Generator) -> list[Int[ndarray, " of_batch"]]:
    """Row numbers in random batches of about so many clicks to predict, rows of like length together."""
    order = np.lexsort((random.random(len(lengths)), lengths))
    number = np.cumsum(lengths[order] - 1) // clicks
    parts = np.split(order, np.flatnonzero(np.diff(number)) + 1)
    return [parts[position] for position in random.permutation(len(parts))]


class Prefixes(NamedTuple):
    """Every event but an owner's first is the target of the events before it."""

    shown: Histories
    targets: Int[ndarray, " n"]
    owners: Int[ndarray, " n"]


def prefixes(histories: Histories, history_length: int) -> Prefixes:
    """What came before each event, the last `history_length` of it, with the event's item as the target."""
    number = np.arange(len(histories.items)) - np.repeat(histories.offsets[:-1], histories.lengths)
    targets = np.flatnonzero(number > 0)
    lengths = np.minimum(number[targets], history_length)
    case = np.repeat(np.arange(len(targets)), lengths)
    offsets = offsets_of(case, len(targets))
    source = np.arange(len(case)) - offsets[case] + (targets - lengths)[case]
    shown = Histories(offsets, histories.items[source], histories.events[source])
    return Prefixes(shown, histories.items[targets], histories.owners[targets])
