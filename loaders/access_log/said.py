"""What a person can say about a log: each option once, for Python, `kartograph load` and cron alike."""

from dataclasses import dataclass
from pathlib import Path

from kartograph.loaders.shared.declared import option


@dataclass(frozen=True)
class SaidOfLog:
    """How a log is read, and what its pages show."""

    mapping: Path | None = option(None, "Which page shows which item: CSV with url and item_id.", "none: it is needed")
    ontology: Path | None = option(None, "An ontology of the items, written as well.", "none")
    gap: float = option(20.0, "Minutes of rest that end a session.")
    format: str | None = option(
        None, "How lines are written, as Apache's LogFormat or nginx's log_format has it.", "recognised"
    )
    client: str = option("address", "Who a visitor is: address, or forwarded (X-Forwarded-For of a proxy).")
