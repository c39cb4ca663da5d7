"""Experiments: users are parted by a hash over models or versions, and each stays in the arm.

    hash = BLAKE2b(user, keyed with the experiment's name)        the session in place of an unknown user
    arm  = the first whose cumulative share lies above hash / 2^64

The split depends on nothing but the name and the shares of `[experiment]`: it is the same in every worker, on every
machine and after every start. Requests that name a model, and those of nobody, take no part. A user takes part from
the first impression, or click, of a list that the arm has made.
"""

import hashlib
import time
from itertools import accumulate

from kartograph import queries
from kartograph.graph.connection import Graph
from kartograph.serving.config import ExperimentSection
from kartograph.serving.exposures.answers import Assignment
from kartograph.tables.errors import BadInput


def assigned(experiment: ExperimentSection, user: str | None, session: str | None) -> Assignment | None:
    """The arm of a user, else of a session; None where neither is known."""
    if user is None and session is None:
        return None
    unit = unit_of(experiment.name, user, session)
    point = int(unit, 16) / 2**64
    arms, reached = list(experiment.split), accumulate(experiment.split.values())
    arm = next((arm for arm, share in zip(arms, reached, strict=True) if point < share), arms[-1])
    return Assignment(experiment.name, arm, unit)


def unit_of(experiment: str, user: str | None, session: str | None) -> str:
    """The hash of a user in an experiment, or of a session where there is no user."""
    text = f"user {user}" if user is not None else f"session {session}"
    key = hashlib.sha256(experiment.encode()).digest()
    return hashlib.blake2b(text.encode(), digest_size=8, key=key).hexdigest()


def record_experiment(graph: Graph, experiment: ExperimentSection | None) -> None:
    """Note the experiment that runs in the graph, and the end of every other one.

    Raises `BadInput` for one that ran with another split before: what was counted would be of both.
    """
    now = time.time_ns() // 1_000_000
    running = None if experiment is None else experiment.name
    graph.query(queries.load("serving/end_experiments"), write=True, running=running, now=now)
    if experiment is None:
        return
    arms = [
        {"name": name, "share": share, "place": place}
        for place, (name, share) in enumerate(experiment.split.items(), 1)
    ]
    facts = {"measure": experiment.measure, "planned": experiment.users}
    known = graph.query(
        queries.load("serving/put_experiment"), write=True, id=experiment.name, arms=arms, facts=facts, now=now
    )
    before = dict(zip(known["arm"], known["share"], strict=True))
    if before != experiment.split:
        shown = ", ".join(f"{name} = {share:g}" for name, share in before.items())
        raise BadInput(
            f'the experiment "{experiment.name}" has run with the split {shown}: give the changed one another name'
        )
