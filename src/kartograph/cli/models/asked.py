"""The model that a command asks: the current version of a shop, trained first where there is none."""

from typing import TYPE_CHECKING

from kartograph.cli.shared.connect import versions_folder
from kartograph.cli.shared.console import notes
from kartograph.tables.errors import BadInput

if TYPE_CHECKING:
    from kartograph.graph.connection import Graph
    from kartograph.models.base import Recommender
    from kartograph.tables.progress import Progress


def asked_model(graph: "Graph", shop: str, name: str, progress: "Progress") -> "Recommender":
    """The current version of a model, bound to the graph; one is trained and kept where there is none, saying so."""
    from kartograph.models.registry import declaration, make

    if declaration(name).asks_graph or ".py:" in name:
        return make(name).fit(graph, progress)
    from kartograph.models.saved.versions import current, open_version  # imports SciPy: only where there are versions

    version = current(graph, name)
    if version is None:
        notes.print(f"There is no trained version of {name}: training one.", highlight=False, markup=False)
        return kept_version(graph, shop, make(name), progress)
    opened = open_version(graph, versions_folder(shop), name, version)
    if opened.gone:
        notes.print(
            f"{len(opened.gone):,} items that {name} was trained on have left the shop, such as {opened.gone[0]}; "
            f"they are left out. Train it anew: kartograph train {name}",
            highlight=False,
            markup=False,
        )
    model: Recommender = opened.model
    model.bind(graph, opened.gone)
    return model


def kept_version(
    graph: "Graph", shop: str, model: "Recommender", progress: "Progress", current: bool = True
) -> "Recommender":
    """Fit a model on the graph and keep it as a version."""
    import os

    from kartograph.models.graph_data import snapshot_for
    from kartograph.models.saved.versions import keep

    state = snapshot_for(graph, model.needs, model.uses, progress).key
    model.fit(graph, progress)
    if int(os.environ.get("RANK", "0")) == 0:  # of several processes that train one model, the first one keeps it
        version = keep(graph, versions_folder(shop), model.called, model, data_hash=state, current=current)
        if model.remark:
            notes.print(f"{model.called}: {model.remark}.", highlight=False, markup=False)
        notes.print(f"Kept {model.called} as version {version.version}.", highlight=False, markup=False)
    return model


def refuse_unknown(name: str) -> None:
    """Refuse a name that is none before any server is started."""
    from kartograph.models.registry import is_known, unknown

    if ".py:" not in name and not is_known(name):
        raise unknown(name)


def as_session(text: str) -> list[str]:
    """The items of `--session a,b,c`."""
    items = [item.strip() for item in text.split(",") if item.strip()]
    if not items:
        raise BadInput(f"--session is {text!r}: name one item at least, several separated by commas.")
    return items
