"""The demos: a shop and a reading room, each from nothing to recommendations that say why."""
