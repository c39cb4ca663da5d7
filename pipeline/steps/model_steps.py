"""The steps that choose, train and publish a model. Each can be run again after a kill.

A step reads what it needs of earlier ones from the journal and from files, never from the process.
"""

from dataclasses import asdict
from typing import Any

from kartograph.pipeline.night import Night, Result
from kartograph.pipeline.recipes import Recipe
from kartograph.pipeline.shop_models import published_recipe, remove_lists, version_of_run, write_lists
from kartograph.tables.errors import BadInput


def measure(night: Night) -> Result:
    """Fit every recipe before the measured days and ask it for these; what fails is named, the others go on."""
    from kartograph.evaluation.shop_tables import tables_of_graph
    from kartograph.pipeline.measure import measure as measure_recipe
    from kartograph.pipeline.measure import users_asked

    gate, train = night.declaration.gate, night.declaration.train
    tables = tables_of_graph(night.graph, night.declaration.shop.name, night.progress)
    users, why_not = users_asked(tables, gate)
    published = published_recipe(night)
    figures: dict[str, Any] = {
        "users": users,
        "why_not": why_not,
        "published": published.as_dict() if published else None,
        "failed": {},
    }
    if why_not:
        return f"nothing measured: {why_not}", figures
    board = []
    for recipe in _measured_recipes(night.candidates, published):
        night.progress(f"Measuring {recipe}")
        try:
            kept = measure_recipe(tables, recipe, gate, train.seed, night.folder, night.progress)
        except BadInput as error:
            figures["failed"][str(recipe)] = str(error)
            continue
        board += kept.board(gate)
    figures["board"] = board
    best = [f"{row['model']} {row['value']:.4f}" for row in board if row["part"] == "all"]
    failed = "".join(f"; {name} failed: {reason}" for name, reason in figures["failed"].items())
    return f"{gate.measured} of {users:,} users: {', '.join(best) or 'none'}{failed}", figures


def gate(night: Night) -> Result:
    """Decide which recipe is published."""
    from kartograph.pipeline.gate import Decision, decide, winner
    from kartograph.pipeline.measure import open_kept

    bounds, figures = night.declaration.gate, night.journal.figures("measure")
    published = Recipe.of(figures["published"]) if figures["published"] else None
    present = str(published) if published else None
    candidates = {str(recipe): recipe for recipe in night.candidates}
    kept = {
        str(recipe): open_kept(recipe, night.folder)
        for recipe in ([] if figures["why_not"] else _measured_recipes(night.candidates, published))
        if str(recipe) not in figures["failed"]
    }
    measured = {name: one.measured(bounds) for name, one in kept.items()}
    decisions: dict[str, Decision] = {}
    for name in candidates:
        if figures["why_not"]:
            decisions[name] = Decision(True, f"too few to compare: {figures['why_not']}")
        elif name in figures["failed"]:
            decisions[name] = Decision(False, f"it failed: {figures['failed'][name]}")
        elif present is None:
            decisions[name] = Decision(True, "nothing is published yet")
        elif name == present and name in measured:
            decisions[name] = Decision(True, "the published recipe, fitted on the events of today", loss=0.0)
        elif present not in measured:
            reason = figures["failed"][present]
            decisions[name] = Decision(True, f"{published}, which is published, cannot be measured any more: {reason}")
        else:
            decisions[name] = decide(measured[name], measured[present], bounds, figures["users"])
    order = list(candidates)
    chosen, why = winner(order, measured, decisions, present, bounds, figures["users"])
    record = {name: asdict(one) for name, one in decisions.items()}
    result = {"winner": candidates[chosen].as_dict() if chosen else None, "why": why, "decisions": record}
    if chosen is None:
        return f"{published or 'nothing'} stays: {why}", result
    return f"{candidates[chosen]} is chosen: {why}", result


def train(night: Night) -> Result:
    """Fit the winner on everything and keep it as a version that nobody is answered with yet."""
    from kartograph.models.registry import declaration
    from kartograph.models.saved.versions import keep

    chosen = night.journal.figures("gate")["winner"]
    if chosen is None:
        return "nothing to train", {"version": None}
    recipe = Recipe.of(chosen)
    if declaration(recipe.model).asks_graph:
        return f"{recipe} asks the graph and has no version", {"version": None}
    if trained := version_of_run(night, recipe.model):
        return f"{recipe} on all events as {trained}", {"version": trained}
    board = night.journal.figures("measure").get("board", [])
    values = {row["measure"]: row["value"] for row in board if (row["model"], row["part"]) == (str(recipe), "all")}
    figures = values | {"recipe": recipe.as_dict(), "run": night.journal.id}
    state = night.graph.snapshot(parts=("events", "items", "categories"), progress=night.progress).key
    model = recipe.make(night.declaration.train.seed).fit(night.graph, night.progress)
    kept = keep(night.graph, night.models, recipe.model, model, data_hash=state, figures=figures, current=False)
    return f"{recipe} on all events as {kept.version}", {"version": kept.version}


def publish(night: Night) -> Result:
    """Write the lists of the new version into the graph, let it answer, and remove old versions.

    In this order: a version that has nothing to recommend takes nobody's place.
    """
    from kartograph.models.saved.versions import prune, rollback

    declared = night.declaration.publish
    chosen, version = night.journal.figures("gate")["winner"], night.journal.figures("train")["version"]
    stays = night.journal.figures("measure")["published"]
    in_bulk = any(source.mode == "bulk" for source in night.declaration.sources)
    if chosen is None:
        # A bulk load has taken the lists away with the former database.
        written = write_lists(night, Recipe.of(stays)) if stays and in_bulk else 0
        return f"the published model stays{f', {written:,} recommendations written anew' if written else ''}", {}
    recipe = Recipe.of(chosen)
    try:
        written = write_lists(night, recipe, version)
    except BadInput as error:
        raise BadInput(f"{recipe} is not published, and what was published stays: {error}") from None
    if version is not None:
        rollback(night.graph, night.models, recipe.model, version)
    if stays and stays["model"] != recipe.model and declared.write_back != "none":
        remove_lists(night, stays["model"])
    removed = prune(night.graph, night.models, recipe.model, declared.keep_versions) if version is not None else []
    night.journal.published = recipe.as_dict() | {"version": version}
    words = f"{recipe} answers{f' as {version}' if version else ''}, {written:,} recommendations written"
    return words + (f", {len(removed)} old versions removed" if removed else ""), {}


def report(night: Night) -> Result:
    """Put the night's figures on the leaderboard."""
    night.journal.board = night.journal.figures("measure").get("board", [])
    return f"{len(night.journal.board)} rows on the leaderboard: `kartograph report`", {}


def _measured_recipes(candidates: list[Recipe], published: Recipe | None) -> list[Recipe]:
    """The candidates, and the published recipe where it is none of them."""
    keys = {recipe.key for recipe in candidates}
    return candidates + ([published] if published is not None and published.key not in keys else [])
