"""A web server's logs, unattended.

    python -m kartograph.loaders.access_log access.log.gz --mapping pages.csv --ontology films.ttl

Formats are recognised; see docs/logs.md.
"""

import sys

from kartograph.loaders.specifications.access_log import LOADER

if __name__ == "__main__":
    sys.exit(LOADER.main())
