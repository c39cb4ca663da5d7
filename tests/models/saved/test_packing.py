"""Tests of packing: every value that a model may keep comes back the same, anything else is refused by name."""

import json
import math
import threading
from dataclasses import dataclass, field
from enum import Enum, Flag, IntEnum
from functools import cached_property, partial
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
import pytest
import torch
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from scipy import sparse

from kartograph.models.saved.packing import DEEPEST, Packer
from kartograph.models.saved.unpacking import unpack
from kartograph.tables.errors import ModelFileError


class Colour(Enum):
    RED = "red"
    BLUE = "blue"


class Level(IntEnum):
    LOW = 1


class Rights(Flag):
    READ = 1
    WRITE = 2


class Pair(NamedTuple):
    left: int
    right: str


@dataclass(frozen=True)
class Options:
    size: int = 3
    inner: "Options | None" = None

    def __post_init__(self):
        assert self.size == 3, "no constructor runs when an object is read"


class Plain:
    number: int

    def __init__(self, **attributes):
        vars(self).update(attributes)

    @cached_property
    def doubled(self):
        return self.number * 2

    @property
    def named(self):
        raise AssertionError("no property runs when an object is saved")


class Slotted:
    __slots__ = ("inside", "unset")

    def __init__(self, inside):
        self.inside = inside


@dataclass(slots=True)
class Both:
    values: list = field(default_factory=list)


class Network(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.weight = torch.nn.Parameter(torch.ones(2))


class Owner:
    """Keeps what cannot be saved, as a network is."""

    def __init__(self, number):
        self.number, self.lock = number, threading.Lock()

    def saved_state(self):
        return {"number": self.number}

    def restore_state(self, state):
        self.number, self.lock = state["number"], threading.Lock()


class Wordy(dict):
    pass


def through(value: object) -> Any:
    """The value packed, written as JSON, read and unpacked."""
    packer = Packer((__name__.partition(".")[0],))
    root = packer.pack(value, "value")
    nodes, root = json.loads(json.dumps([packer.nodes, root], allow_nan=False))
    return unpack(nodes, packer.arrays, root, (__name__.partition(".")[0],))


def same(one: Any, other: Any) -> bool:
    """Equal in type and value, nan equal to nan, in any depth."""
    if type(one) is not type(other):
        return False
    if isinstance(one, np.ndarray):
        if one.dtype != other.dtype or one.shape != other.shape:
            return False
        return all(map(same, one.ravel(), other.ravel())) if one.dtype == object else one.tobytes() == other.tobytes()
    if isinstance(one, float):
        return repr(one) == repr(other)
    if isinstance(one, list | tuple):
        return len(one) == len(other) and all(map(same, one, other))
    if isinstance(one, dict):
        return list(one) == list(other) and all(map(same, one.values(), other.values()))
    return bool(one == other)


relaxed = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow], max_examples=50)
scalars = (
    st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.text("\ud800a") | st.binary(max_size=40)
)
arrays = hnp.arrays(
    st.sampled_from(["<f8", "<f4", ">f8", "<i8", "i1", "<u2", "?", "<c8", "<M8[s]", "<m8[ms]", "<U3", "S2"]),
    hnp.array_shapes(min_dims=0, min_side=0, max_side=4),
)
keys = st.text() | st.integers() | st.booleans() | st.tuples(st.integers(), st.text()) | st.sampled_from(Colour)
values = st.recursive(
    scalars | arrays | st.sampled_from([Colour.RED, Level.LOW, Rights.READ, Pair(1, "a"), -(2**63), 2**63]),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.lists(inner, max_size=4).map(tuple)
        | st.dictionaries(keys, inner, max_size=4)
        | st.sets(keys, max_size=4)
        | st.frozensets(keys, max_size=4)
    ),
    max_leaves=12,
)


@relaxed
@given(values)
def test_every_nested_value_comes_back(value):
    assert same(through(value), value)


@relaxed
@given(hnp.arrays(object, hnp.array_shapes(min_side=0, max_side=3), elements=st.text() | st.none() | st.integers()))
def test_arrays_of_objects_and_texts_come_back(array):
    assert same(through(array), array)


def test_numbers_of_more_digits_than_python_writes_come_back():
    assert through({10**5000: -(10**5000)}) == {10**5000: -(10**5000)}
    with pytest.raises(ModelFileError, match=r"value\[…\] cannot be saved"):
        through({10**5000: print})


def test_long_arrays_are_kept_as_arrays_of_their_own():
    packer = Packer(())
    packer.pack({"long": np.arange(1000), "short": np.arange(3)}, "value")
    assert [len(array) for array in packer.arrays] == [1000]


@pytest.mark.parametrize("order", ["C", "F"])
def test_the_order_of_an_array_is_kept(order):
    array = np.asarray(np.arange(6.0).reshape(2, 3), order=order)
    assert through(array).flags[f"{order}_CONTIGUOUS"]


def test_an_object_that_is_referred_to_twice_is_one_object():
    shared = np.arange(1000)
    result = through({"a": shared, "b": [shared], "c": (options := Options()), "d": options})
    assert result["a"] is result["b"][0]
    assert result["c"] is result["d"]


def test_objects_come_back_without_their_constructors():
    broken = object.__new__(Options)
    vars(broken).update(size=4, inner=Options())
    assert through(broken) == broken


def test_what_a_cached_property_computed_is_not_kept():
    plain = Plain(number=2)
    assert plain.doubled == 4
    assert vars(through(plain)) == {"number": 2}


def test_slots_come_back():
    result = through([Slotted(Both([1]))])[0]
    assert result.inside == Both([1])
    assert not hasattr(result, "unset")


def test_a_class_says_what_is_kept_of_it():
    result = through(Owner(5))
    assert result.number == 5
    assert not result.lock.locked()


@pytest.mark.parametrize(
    "index",
    [
        pd.Index(["a", "ä", ""]),
        pd.Index(["a", None], dtype=object, name="n"),
        pd.Index(["a", None], dtype="str"),
        pd.Index(["a", pd.NA], dtype="string"),
        pd.Index([3, 1, 2], dtype="int32", name=("two", 1)),
        pd.RangeIndex(2, 20, 3, name="range"),
        pd.DatetimeIndex(["2020-01-01", None]),
        pd.MultiIndex.from_tuples([("a", 1), ("b", 2)], names=["x", None]),
        pd.CategoricalIndex(["b", "a", "b"], categories=["b", "a"], ordered=True),
        pd.Index([]),
    ],
    ids=str,
)
def test_indexes_come_back(index):
    pd.testing.assert_index_equal(through(index), index, exact=True)


def test_frames_and_series_come_back():
    frame = pd.DataFrame(
        {"n": [1, 2], "x": [0.5, math.nan], "s": ["a", None], "o": [None, 3], "b": [True, False]}, index=["p", "q"]
    ).astype({"o": object})
    frame["c"] = pd.Categorical(["u", None])
    pd.testing.assert_frame_equal(through(frame), frame)
    pd.testing.assert_frame_equal(through(frame[[]]), frame[[]])
    twice = pd.DataFrame([[1, 2.0]], columns=["a", "a"])
    pd.testing.assert_frame_equal(through(twice), twice)
    pd.testing.assert_series_equal(through(frame["x"]), frame["x"])


@pytest.mark.parametrize("kind", ["csr", "csc", "bsr", "coo", "dia"])
@pytest.mark.parametrize("form", ["array", "matrix"])
def test_sparse_matrices_come_back(kind, form):
    matrix = getattr(sparse, f"{kind}_{form}")(np.array([[0, 1.5, 0], [2, 0, 0]]))
    result = through(matrix)
    assert type(result) is type(matrix)
    np.testing.assert_array_equal(result.toarray(), matrix.toarray())


def test_a_generator_goes_on_where_it_was():
    for bits in (np.random.PCG64, np.random.MT19937):
        generator = np.random.Generator(bits(5))
        generator.random()
        assert through(generator).random() == generator.random()


@pytest.mark.parametrize("dtype", [torch.float32, torch.bfloat16, torch.int64, torch.bool])
def test_tensors_come_back(dtype):
    tensor = torch.tensor([[0, 1], [2, 3]]).to(dtype)
    result = through(tensor)
    assert result.dtype == dtype
    assert torch.equal(result, tensor)


def test_a_parameter_learns_on():
    result = through(torch.nn.Parameter(torch.tensor(1.0)))
    assert isinstance(result, torch.nn.Parameter)
    assert result.requires_grad


def itself() -> list:
    inside: list = []
    inside.append(inside)
    return inside


def deep(levels: int) -> list:
    value: list = []
    for _ in range(levels):
        value = [value]
    return value


class TestRefusals:
    @pytest.mark.parametrize(
        "value",
        [
            print,
            lambda: None,
            partial(print, 1),
            json,
            Path("x"),
            threading.Lock(),
            Network(),
            torch.nn.Linear(1, 1),
            Rights.READ | Rights.WRITE,
            Wordy(a=1),
            np.ma.masked_array([1], [True]),
            np.array([(1, None)], dtype=[("a", int), ("b", object)]),
            pd.Index(pd.date_range("2020", periods=2, tz="UTC")),
            sparse.lil_array((2, 2)),
            torch.eye(2).to_sparse(),
            Plain,
            pd.Timestamp("2020"),
        ],
        ids=lambda value: type(value).__name__,
    )
    def test_what_cannot_be_kept_is_named_with_its_attribute(self, value):
        with pytest.raises(ModelFileError, match=r"^value\.part\[2\] cannot be saved: it is of the class "):
            through(Plain(part=[1, 2, value]))

    def test_a_class_inside_a_function_is_refused(self):
        class Local:
            pass

        with pytest.raises(ModelFileError, match="classes at the top of modules"):
            through(Local())

    @pytest.mark.parametrize("value", [itself(), deep(DEEPEST + 1)], ids=["itself", "too deep"])
    def test_what_holds_itself_is_refused(self, value):
        with pytest.raises(ModelFileError, match="it holds itself, or more than"):
            through(value)

    def test_a_class_of_another_package_is_refused_when_read(self):
        packer = Packer((__name__.partition(".")[0],))
        root = packer.pack(Options(), "value")
        with pytest.raises(ModelFileError, match="is of none of the packages elsewhere"):
            unpack(packer.nodes, packer.arrays, root, ("elsewhere",))


def test_depth_up_to_the_limit_comes_back():
    assert through(deep(DEEPEST - 1)) == deep(DEEPEST - 1)
