"""The entry point of the server (`diaban serve`, or any WSGI server)."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "diaban.config.settings")
application = get_wsgi_application()

# After the set-up: jobs that the server before this one left in the middle are gone on with.
from diaban.indicators.job_runner import wake  # noqa: E402

wake()
