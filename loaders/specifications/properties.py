"""Edge lists of items, properties and values, as public benchmarks have them."""

from dataclasses import dataclass
from pathlib import Path

from kartograph.loaders.registry import Loader
from kartograph.loaders.shared.declared import option
from kartograph.loaders.specifications.ontology import Individuals


@dataclass(frozen=True)
class PropertiesOptions(Individuals):
    """What is computed of the items, and where the ontology goes."""

    out: Path | None = option(None, "Write the ontology to this file as well: .ttl, .rdf, .nt or .jsonld.", "none")


LOADER = Loader(
    "properties",
    "Write properties of items from edge lists into the shop, as an ontology; an individual joins the item of its id.",
    path="A file `item property value`, or a folder of PROPERTY.edgelist files or of kg_final.txt and its lists.",
    example="kg.tsv --neighbours 20",
    more="The layout of public benchmarks (entity2rec, KGAT): numbers are compared as numbers, all else by identity.",
    options=PropertiesOptions,
    write="kartograph.loaders.properties:write",
    recognize="kartograph.loaders.properties:recognize",
)
