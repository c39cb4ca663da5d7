"""An experiment assigns users by a hash, for good, and counts users."""

import json
import os
import subprocess
import sys
import time

import httpx
import pytest
from tests.serving.conftest import CONFIG, serving

from kartograph.models.registry import make
from kartograph.models.saved.version_files import folder_of
from kartograph.models.saved.versions import keep, prune
from kartograph.serving.config import ExperimentSection
from kartograph.serving.experiments import assigned, record_experiment
from kartograph.tables.errors import BadInput


def section(name: str = "spring", **split: float) -> ExperimentSection:
    return ExperimentSection(name=name, split=split or {"walk": 0.8, "stan": 0.2}, users=20)


def test_users_are_split_as_asked_and_stay_in_their_arm() -> None:
    arms = [assigned(section(), str(user), None) for user in range(10_000)]
    share = sum(one.arm == "walk" for one in arms if one) / 10_000
    assert abs(share - 0.8) < 0.016, "4 standard deviations of 0.004"
    assert arms == [assigned(section(), str(user), "any session") for user in range(10_000)]
    assert len({one.unit for one in arms if one}) == 10_000


def test_another_name_parts_users_anew_and_a_session_is_no_user() -> None:
    first, second = ([assigned(section(name), str(user), None) for user in range(1000)] for name in ("a", "b"))
    both = sum(one.arm == other.arm == "stan" for one, other in zip(first, second, strict=True) if one and other)
    assert 10 < both < 80, "0.2 · 0.2 of 1000, not 0.2"
    assert assigned(section(), None, None) is None
    units = {assigned(section(), "7", None).unit, assigned(section(), None, "7").unit}  # pyright: ignore
    assert len(units) == 2


@pytest.fixture(scope="module")
def experimenting(server, small_shop, connected):
    """The small shop served with an experiment between a version of before and another model."""
    before = os.environ.get("KARTOGRAPH_HOME")
    os.environ["KARTOGRAPH_HOME"] = str(small_shop)
    try:
        folder = folder_of("shop", managed=False)
        old = keep(connected, folder, "item-knn", make("item-knn").fit(connected)).version
        for _ in range(2):
            keep(connected, folder, "item-knn", make("item-knn").fit(connected))
    finally:
        os.environ.pop("KARTOGRAPH_HOME")
        if before is not None:
            os.environ["KARTOGRAPH_HOME"] = before
    settings = f'{CONFIG}[experiment]\nname = "spring"\nusers = 20\nsplit = {{ {old} = 0.5, stan = 0.5 }}\n'
    with serving(small_shop, server.uri, server.auth, settings) as running:
        yield running, old, folder


@pytest.mark.slow
@pytest.mark.server
def test_answers_name_the_arm_and_the_counts_are_of_users(experimenting, connected) -> None:
    served, old, folder = experimenting
    experiment = ExperimentSection(name="spring", split={old: 0.5, "stan": 0.5}, users=20)
    counts = {old: 0, "stan": 0}
    for number in range(60):
        user = f"arm-{number}"
        body = {"items": ["101"], "user_id": user, "k": 2}
        with httpx.Client(base_url=served.client.base_url) as other:  # perhaps the other worker
            first, again = (
                one.post("/v1/sessions/recommendations", json=body).json() for one in (served.client, other)
            )
        assert (first["arm"], first["experiment"]) == (again["arm"], "spring")
        assert first["arm"] == assigned(experiment, user, None).arm  # pyright: ignore[reportOptionalMemberAccess]
        assert first["model"] == first["items"][0]["served_by"] == ("stan" if first["arm"] == "stan" else "item-knn")
        assert (first["version"] == old) == (first["arm"] == old)
        counts[first["arm"]] += 1
        for answer in (first, again):
            own = {"user_id": user, "recommendation_id": answer["recommendation_id"], "item_id": "102"}
            kinds = ["impression"] + ["click"] * (first["arm"] == "stan")
            assert served.client.post("/v1/events", json=[{**own, "event": kind} for kind in kinds]).status_code == 202
    assert min(counts.values()) >= 20
    limit = time.monotonic() + 120
    while (result := stands(served))["arms"][1]["users"] < counts["stan"] and time.monotonic() < limit:
        time.sleep(0.3)
    time.sleep(1)
    result = stands(served)
    assert {arm["name"]: (arm["users"], arm["did"]) for arm in result["arms"]} == {
        old: (counts[old], 0),
        "stan": (counts["stan"], counts["stan"]),
    }
    assert result["verdict"] == f"decided: stan is better than {old}"
    shown = command(served, "experiment", "spring")
    assert "95 % interval" in shown.stdout
    assert "decided: stan is better" in shown.stderr
    assert 'no experiment "winter" has run; there are spring' in command(served, "experiment", "winter").stderr
    assert prune(connected, folder, "item-knn", keep=1), "one of the three others"
    assert old in set(connected.query("MATCH (v:ModelVersion) RETURN v.id AS id")["id"])


@pytest.mark.server
def test_who_names_a_model_or_nobody_takes_no_part(experimenting) -> None:
    served, *_ = experimenting
    for body in ({"items": ["101"], "user_id": "u", "model": "item-knn"}, {"items": ["101"]}):
        answer = served.client.post("/v1/sessions/recommendations", json=body).json()
        assert (answer["arm"], answer["experiment"], answer["model"]) == (None, None, "item-knn")
    assert served.client.get("/v1/users/7/recommendations").json()["arm"] is not None
    session = {"items": ["101"], "session_id": "s"}
    assert served.client.post("/v1/sessions/recommendations", json=session).json()["arm"] is not None


@pytest.mark.server
def test_an_arm_that_cannot_be_served_is_refused_before_serving(experimenting, tmp_path) -> None:
    served, *_ = experimenting
    config = tmp_path / "serve.toml"
    config.write_text('[experiment]\nname = "other"\nsplit = { stan = 0.5, nothing = 0.5 }\n')
    done = command(served, "serve", "--config", str(config))
    assert done.returncode == 1
    assert '"nothing", which is neither a version nor a model' in " ".join(done.stderr.split())


@pytest.mark.server
def test_an_experiment_is_not_changed_under_its_name(graph) -> None:
    record_experiment(graph, section())
    record_experiment(graph, section())
    with pytest.raises(
        BadInput, match=r"has run with the split walk = 0\.8, stan = 0\.2: give the changed one another"
    ):
        record_experiment(graph, section(walk=0.5, stan=0.5))
    record_experiment(graph, section("summer"))
    ended = graph.query("MATCH (x:Experiment) RETURN x.id AS id, x.ended IS NOT NULL AS ended ORDER BY id")
    assert ended.to_dict("records") == [{"id": "spring", "ended": True}, {"id": "summer", "ended": False}]


def stands(served) -> dict:
    done = command(served, "experiment", "--json")
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def command(served, *arguments: str) -> subprocess.CompletedProcess:
    line = [sys.executable, "-c", "from kartograph.cli import main; main()", *arguments]
    return subprocess.run(line, env=served.environment, capture_output=True, text=True, check=False)
