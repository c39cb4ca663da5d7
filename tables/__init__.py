"""What every package speaks: typed tables of a shop, their validation, file formats and the engine that runs them."""
