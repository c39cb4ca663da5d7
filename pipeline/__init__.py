"""The nightly pipeline: a shop is loaded, checked, enriched, measured and published as one file declares it."""
