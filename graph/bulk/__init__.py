"""How whole shops get into an empty database: CSV files, Neo4j's importer, and a generation beside the active one."""

from kartograph.graph.bulk.load import BulkOptions, BulkSummary, LoadRecord, bulk_load
from kartograph.graph.bulk.undo import Undone, undo_load

__all__ = ["BulkOptions", "BulkSummary", "LoadRecord", "Undone", "bulk_load", "undo_load"]
