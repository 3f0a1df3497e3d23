"""HTTP of deals."""

from waypost.deals.routes import deals, fields, parts, pipelines, tasks

ROUTES = (*pipelines.ROUTES, *deals.ROUTES, *parts.ROUTES, *fields.ROUTES, *tasks.ROUTES)
