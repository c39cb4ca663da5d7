"""Names of runs, the pieces of work by which others tell who wrote what."""

import time
from uuid import uuid4


def run_name(kind: str) -> str:
    """A name that no other run has: what it does, when it began (UTC), and chance."""
    return f"{kind}-{time.strftime('%Y%m%dT%H%M%S', time.gmtime())}-{uuid4().hex[:8]}"
