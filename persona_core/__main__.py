"""`python -m persona_core`: the command line."""

import sys

from persona_core.cli import main

sys.exit(main())
