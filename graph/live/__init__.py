"""How more data gets into a running database: through the driver alone, once each, and again after an interruption."""

from kartograph.graph.live.load import LiveOptions, LiveSummary, live_load

__all__ = ["LiveOptions", "LiveSummary", "live_load"]
