"""Sessions on an ontology's objects, from the access logs of a web server.

python -m kartograph.loaders.access_log access.log.gz --mapping pages.csv
"""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from kartograph.loaders.access_log.loading import AccessLogOptions, load, read

__all__ = ["AccessLogOptions", "load", "read"]


def __getattr__(name: str) -> Any:
    """The public names, loaded when they are asked for."""
    if name in __all__:
        from kartograph.loaders.access_log import loading

        return getattr(loading, name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
