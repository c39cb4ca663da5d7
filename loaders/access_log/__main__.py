"""A web server's logs, unattended.

    python -m kartograph.loaders.access_log access.log.gz --mapping pages.csv --ontology films.ttl

Formats are recognised; see docs/logs.md.
"""

import sys

from kartograph.loaders.access_log.loading import NAME, AccessLogOptions, read, write
from kartograph.loaders.access_log.said import SaidOfLog
from kartograph.loaders.batch import Batch
from kartograph.loaders.shared.declared import arguments

if __name__ == "__main__":
    sys.exit(Batch(NAME, __doc__ or "", read, AccessLogOptions, arguments(SaidOfLog), write).main())
