"""Columns of sets, kept so that sets of any size are compared without a loop over them."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

HASH_SEED = 7


@dataclass(frozen=True)
class Ragged:
    """Sets of numbered things: set `j` is `atoms[starts[j]:starts[j + 1]]`, in rising order and without repeats."""

    starts: NDArray[np.int64]
    atoms: NDArray[np.int64]

    def __len__(self) -> int:
        """How many sets there are."""
        return len(self.starts) - 1

    @property
    def sizes(self) -> NDArray[np.int64]:
        """Number of members of each set."""
        return np.diff(self.starts)

    @property
    def owners(self) -> NDArray[np.int64]:
        """The set that each entry of `atoms` belongs to."""
        return np.repeat(np.arange(len(self)), self.sizes)

    def take(self, indices: NDArray[np.integer]) -> "Ragged":
        """The sets at these indices, in their order."""
        sizes = self.sizes[indices]
        starts = np.concatenate([[0], np.cumsum(sizes)])
        inside = np.arange(starts[-1]) - np.repeat(starts[:-1], sizes)
        return Ragged(starts, self.atoms[np.repeat(self.starts[indices], sizes) + inside])

    def indicator(self, atoms: int) -> csr_array:
        """The matrix sets × atoms with 1 where a set holds an atom."""
        ones = np.ones(len(self.atoms), dtype=np.float32)
        return csr_array((ones, self.atoms, self.starts), shape=(len(self), atoms))


def ragged(owners: NDArray[np.int64], atoms: NDArray[np.int64], sets: int) -> Ragged:
    """`sets` sets from pairs of a set and a member, in any order; a pair that comes twice counts once."""
    order = np.lexsort((atoms, owners))
    owners, atoms = owners[order], atoms[order]
    new = np.ones(len(owners), dtype=bool)
    new[1:] = (owners[1:] != owners[:-1]) | (atoms[1:] != atoms[:-1])
    sizes = np.bincount(owners[new], minlength=sets)
    return Ragged(np.concatenate([[0], np.cumsum(sizes)]).astype(np.int64), atoms[new].astype(np.int64))


def distinct(sets: Ragged) -> tuple[NDArray[np.int32], Ragged]:
    """The distinct sets that are not empty, and for every set the index of its like; -1 for empty sets.

    Sets are told apart by the sum of random 64-bit numbers of their members: two different sets among 10^5 fall
    together with a probability of about 10^-9.
    """
    codes = np.full(len(sets), -1, dtype=np.int32)
    full = np.flatnonzero(sets.sizes)
    if not len(full):
        return codes, Ragged(np.zeros(1, dtype=np.int64), np.zeros(0, dtype=np.int64))
    numbers = np.random.default_rng(HASH_SEED).integers(0, 2**64, size=sets.atoms.max() + 1, dtype=np.uint64)
    hashes = np.add.reduceat(numbers[sets.atoms], sets.starts[full])
    _, first, inverse = np.unique(hashes, return_index=True, return_inverse=True)
    codes[full] = inverse
    return codes, sets.take(full[first])
