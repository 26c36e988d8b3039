"""The entry point of the server (`diaban serve`, or any WSGI server)."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "diaban.config.settings")
application = get_wsgi_application()
