"""What the steps ask of the shop's trained models: which answers, what was published, and how its lists are written."""

from kartograph.models.base import Recommender
from kartograph.pipeline.night import Night
from kartograph.pipeline.recipes import Recipe
from kartograph.tables.errors import ModelFileError, NothingThere


def published_recipe(night: Night) -> Recipe | None:
    """The recipe that is published: that of the version which answers, else the one that the last run published."""
    from kartograph.models.saved.versions import current

    last = night.journals.published()
    if last is None:
        return None
    version = current(night.graph, last["model"]) if last["version"] else None
    kept = version.figures.get("recipe") if version else None
    return Recipe.of(kept or last)


def current_versions(night: Night) -> dict[str, str]:
    """Model → the version that answers."""
    from kartograph.models.saved.versions import versions

    known = versions(night.graph, night.models)
    return dict(known.loc[known["current"], ["model", "version"]].itertuples(index=False, name=None))


def restore_versions(night: Night, current: dict[str, str]) -> list[str]:
    """Let versions answer again that a new database does not know; returns a sentence for each that cannot."""
    from kartograph.models.saved.versions import rollback

    lost = []
    for model, version in current.items():
        try:
            rollback(night.graph, night.models, model, version)
        except (ModelFileError, NothingThere) as error:
            lost.append(f"{version} of {model} does not answer any more: {error}")
    return lost


def version_of_run(night: Night, model: str) -> str | None:
    """The version of a model that this run has trained; None where it has not come so far."""
    from kartograph.models.saved.versions import versions

    known = versions(night.graph, night.models)
    known = known[(known["model"] == model) & (known["state"] == "whole")]
    own = known["figures"].map(lambda figures: (figures or {}).get("run")) == night.journal.id
    return next(iter(known.loc[own, "version"].tolist()), None)


def write_lists(night: Night, recipe: Recipe, version: str | None = None) -> int:
    """Write what a version, by default the current one, recommends of what is available into the graph.

    Returns how many recommendations: 0 where nobody's lists are to be written, or nobody was active. Raises `BadInput`
    where there is none for anybody; the former lists stay.
    """
    from kartograph.graph.recommendations import WriteBack, active_users, all_users, write_recommendations
    from kartograph.models.where.conditions import for_people

    publish = night.declaration.publish
    if publish.write_back == "none":
        return 0
    everyone = publish.write_back == "everyone"
    users = all_users(night.graph) if everyone else active_users(night.graph, publish.active_days)
    if not users:
        return 0
    options = WriteBack(edges="active" if everyone else "all", active_days=publish.active_days)
    model = _opened(night, recipe, version)
    portions = model.portions(users, publish.top, where=for_people(), words=False)
    run = write_recommendations(night.graph, recipe.model, portions, options, night.progress)
    return run.written


def remove_lists(night: Night, model: str) -> None:
    """Remove the lists of the model that was published before: nobody renews them any more."""
    from kartograph import queries
    from kartograph.graph.recommendations import remove_run

    runs = night.graph.query(queries.load("operate/current_runs"))
    for run in runs.loc[runs["model"] == model, "run"]:
        remove_run(night.graph, run)


def _opened(night: Night, recipe: Recipe, version: str | None) -> Recommender:
    """A version of a model, by default the current one, bound to the graph; a model that asks the graph has none."""
    from kartograph.models.registry import declaration
    from kartograph.models.saved.versions import open_version

    if declaration(recipe.model).asks_graph:
        return recipe.make(night.declaration.train.seed).fit(night.graph, night.progress)
    opened = open_version(night.graph, night.models, recipe.model, version)
    model: Recommender = opened.model
    model.bind(night.graph, opened.gone)
    return model
