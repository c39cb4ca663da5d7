"""How whole shops get into an empty database, made beside the active one: by Neo4j's importer, or by a server."""

from kartograph.graph.bulk.contents import LoadRecord
from kartograph.graph.bulk.load import BulkOptions, BulkSummary, bulk_load
from kartograph.graph.bulk.undo import Undone, undo_load

__all__ = ["BulkOptions", "BulkSummary", "LoadRecord", "Undone", "bulk_load", "undo_load"]
