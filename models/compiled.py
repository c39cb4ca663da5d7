"""Whether compiled code pays: loading it takes longer than the answer to one question without it."""

import sys


def is_loaded() -> bool:
    """Whether this process has loaded compiled code already.

    A command that asks for one user does without; a server, an evaluation and a write-back load it once.
    """
    return "numba" in sys.modules
