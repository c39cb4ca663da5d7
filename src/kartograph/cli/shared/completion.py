"""What the shell offers for shops, models and statements; it reads names of files alone and starts nothing."""

from collections.abc import Iterable

from kartograph.tables.errors import KartographError


def shops(incomplete: str) -> list[str]:
    """Shops of this home whose names begin so."""
    from kartograph.graph.managed.home import default_root
    from kartograph.graph.managed.home import shops as known

    try:
        return _beginning(known(default_root()), incomplete)
    except KartographError:  # the home is none: nothing is offered
        return []


def models(incomplete: str) -> list[str]:
    """Models of `kartograph models` whose names begin so."""
    from kartograph.models.registry import names

    return _beginning(names(), incomplete)


def model_lists(incomplete: str) -> list[str]:
    """Lists of models with commas between them: what is there, and each model that may follow."""
    before, comma, last = incomplete.rpartition(",")
    return [f"{before}{comma}{name}" for name in models(last) if name not in before.split(",")]


def statements(incomplete: str) -> list[str]:
    """Statements of `queries/` whose names begin so."""
    from kartograph import queries

    return _beginning(queries.names(), incomplete)


def _beginning(names: Iterable[str], incomplete: str) -> list[str]:
    return sorted(name for name in names if name.startswith(incomplete))
