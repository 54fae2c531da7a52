"""Our own migrations of kern, and one on top of them that stands in this folder."""

from pkgutil import iter_modules

import kern.migrations

LAATSTE = max(module.name for module in iter_modules(kern.migrations.__path__))

__path__ = [*__path__, *kern.migrations.__path__]
