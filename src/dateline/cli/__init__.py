"""The command line. Data goes to standard output, everything else to standard error.

Each command is a few lines onto the functions of the other rooms; what is slow to import is imported by the command that needs
it, so that `dateline --help` answers at once. A module a family of commands; the order here is that of `dateline --help`.
"""

# ruff: noqa: F401, I001  # importing them is what makes the commands known
from dateline.cli import projects
from dateline.cli import reading
from dateline.cli import reading_with
from dateline.cli import fetching
from dateline.cli import linking
from dateline.cli import asking
from dateline.cli import judging
from dateline.cli import importing
from dateline.cli import watching
from dateline.cli import serving
from dateline.cli import sharing
from dateline.cli import releasing
from dateline.cli import analysing
from dateline.cli import plotting
from dateline.cli import comparing
from dateline.cli import evaluating
from dateline.cli import tables
from dateline.cli import keeping
from dateline.cli import publishing
from dateline.cli import operating
from dateline.cli import completing
from dateline.cli.app import app

__all__ = ["app"]
